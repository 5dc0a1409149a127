// JupyterLab on a learner's own folder of notebooks: each can start afresh, and answers and progress are stored in one file of the
// folder, so that another browser has them as well.

import type { Executed, Panel } from '../jupyterlab';
import { addAfresh, type DialogParts, startAfresh } from './afresh';
import { keepIn } from './progress';
import { ignoreOpening, offerPlace, recordReading } from './reading';

/** A learner's own folder on the server. */
export interface LearnerFolder {
  /** What the server knows of the path `progress`, or `afresh/NOTEBOOK`. */
  request<Answer>(path: string, method: 'GET' | 'PUT' | 'POST', body?: object): Promise<Answer>;
  readonly parts: DialogParts;
}

interface CoreUtils {
  readonly PageConfig: { getOption(name: string): string };
  readonly URLExt: { join(...parts: string[]): string };
}

interface Services {
  readonly ServerConnection: {
    makeSettings(): { readonly baseUrl: string };
    makeRequest(address: string, init: RequestInit, settings: object): Promise<Response>;
  };
}

/**
 * The server's folder for a learner; undefined if it has none.
 * @param shared gives a package of JupyterLab
 */
export async function learnerFolder(shared: <T>(name: string) => Promise<T>): Promise<LearnerFolder | undefined> {
  const { PageConfig, URLExt } = await shared<CoreUtils>('@jupyterlab/coreutils');
  if (PageConfig.getOption('gradlabLearner') !== 'true') return undefined;
  const { ServerConnection } = await shared<Services>('@jupyterlab/services');
  const parts = await shared<DialogParts>('@jupyterlab/apputils');
  const settings = ServerConnection.makeSettings();
  const request = async <Answer>(path: string, method: string, body?: object): Promise<Answer> => {
    const address = URLExt.join(settings.baseUrl, 'gradlab', ...path.split('/').map(encodeURIComponent));
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const answer = await ServerConnection.makeRequest(address, init, settings);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return answer.json();
  };
  void keepIn({
    read: async () => (await request<{ text: string }>('progress', 'GET')).text,
    write: (text) => request('progress', 'PUT', { text }),
  });
  return { request, parts };
}

/** Makes a notebook of that folder the learner's. */
export async function takeNotebook(panel: Panel, { request, parts }: LearnerFolder, executed: Executed): Promise<void> {
  const { context, sessionContext } = panel;
  await context.ready;
  const { path } = context;
  const asked = request<{ hasOriginal: boolean; isNewer?: boolean }>(`afresh/${path}`, 'GET');
  const { hasOriginal, isNewer } = await asked.catch(() => ({ hasOriginal: false, isNewer: false }));
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
