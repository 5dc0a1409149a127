// A learner's notebook is a copy of the project's: a button gives it back as it came, and the next moment takes that back.

/** @param {(name: string) => Promise<object>} shared gives a package of JupyterLab */
export async function offerAfresh(panel, shared) {
  const { PageConfig, URLExt } = await shared('@jupyterlab/coreutils');
  if (PageConfig.getOption('gradlabAfresh') !== 'true') return;
  const { ServerConnection } = await shared('@jupyterlab/services');
  const parts = await shared('@jupyterlab/apputils');
  const settings = ServerConnection.makeSettings();
  await panel.context.ready;
  const ask = async (method) => {
    const path = panel.context.path.split('/').map(encodeURIComponent).join('/');
    const address = URLExt.join(settings.baseUrl, 'gradlab/afresh', path);
    const answer = await ServerConnection.makeRequest(address, { method }, settings);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return answer.json();
  };
  const { hasOriginal } = await ask('GET').catch(() => ({ hasOriginal: false }));
  if (!hasOriginal || panel.isDisposed) return;
  const button = new parts.ToolbarButton({
    label: 'Start afresh',
    tooltip: 'Start this notebook afresh: as it came, without what you changed',
    onClick: () => startAfresh(panel, () => ask('POST'), parts),
  });
  panel.toolbar.insertBefore('spacer', 'afresh', button);
}

async function startAfresh(panel, bringOriginal, { Dialog, Notification, showDialog }) {
  const { button } = await showDialog({
    title: 'Start this notebook afresh?',
    body: 'What you changed in it, and its outputs, will be gone.',
    defaultButton: 0,
    buttons: [Dialog.cancelButton({ label: 'Keep it' }), Dialog.warnButton({ label: 'Start afresh' })],
  });
  if (!button.accept) return;
  const { context, sessionContext } = panel;
  const before = context.model.toJSON();
  try {
    await bringOriginal();
    await context.revert();
  } catch (error) {
    Notification.error(`The notebook was not started afresh: ${error.message}`);
    return;
  }
  sessionContext.session?.kernel?.restart().catch((error) => console.warn(`The kernel did not restart: ${error}`));
  const undo = async () => {
    context.model.fromJSON(before);
    await context.save();
  };
  Notification.success('The notebook is as it came.', {
    autoClose: 30_000,
    actions: [{ label: 'Undo', callback: undo }],
  });
}
