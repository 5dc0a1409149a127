// JupyterLab on a learner's own folder of notebooks: each can start afresh, and answers and progress are stored in one file of the
// folder, so that another browser has them as well.

import { addAfresh, startAfresh } from './afresh.js';
import { keepIn } from './progress.js';
import { ignoreOpening, offerPlace, recordReading } from './reading.js';

/**
 * Whether the server has such a folder, with its requests and what is stored there already.
 * @param {(name: string) => Promise<object>} shared gives a package of JupyterLab
 */
export async function learnerFolder(shared) {
  const { PageConfig, URLExt } = await shared('@jupyterlab/coreutils');
  if (PageConfig.getOption('gradlabLearner') !== 'true') return undefined;
  const { ServerConnection } = await shared('@jupyterlab/services');
  const parts = await shared('@jupyterlab/apputils');
  const settings = ServerConnection.makeSettings();
  const request = async (path, method, body) => {
    const address = URLExt.join(settings.baseUrl, 'gradlab', ...path.split('/').map(encodeURIComponent));
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const answer = await ServerConnection.makeRequest(address, init, settings);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return answer.json();
  };
  keepIn({
    read: async () => (await request('progress', 'GET')).text,
    write: (text) => request('progress', 'PUT', { text }),
  });
  return { request, parts };
}

/** Makes a notebook of that folder the learner's. */
export async function takeNotebook(panel, { request, parts }, executed) {
  const { context, sessionContext } = panel;
  await context.ready;
  const { path } = context;
  const { hasOriginal, isNewer } = await request(`afresh/${path}`, 'GET').catch(() => ({ hasOriginal: false }));
  if (panel.isDisposed) return;
  if (!hasOriginal) {
    await panel.revealed;
    if (!panel.isDisposed) recordReading(panel, path, executed);
    return;
  }
  ignoreOpening(panel);
  const renew = async () => {
    const before = context.model.toJSON();
    await request(`afresh/${path}`, 'POST');
    await context.revert();
    sessionContext.session?.kernel?.restart().catch((error) => console.warn(`The kernel did not restart: ${error}`));
    return async () => {
      context.model.fromJSON(before);
      await context.save();
    };
  };
  const loses = 'What you changed in it, and its outputs,';
  const afresh = () => startAfresh({ path, cells: context.model.toJSON().cells, loses, renew }, parts);
  addAfresh(panel, parts, afresh);
  await panel.revealed;
  if (panel.isDisposed) return;
  if (isNewer)
    parts.Notification.info('There is a newer version of this notebook. Yours stays as it is until you start afresh.', {
      autoClose: 30_000,
      actions: [{ label: 'Start afresh', callback: () => void afresh() }],
    });
  offerPlace(panel, path, parts.Notification);
  recordReading(panel, path, executed);
}
