// The cell worker of a page. It shares the parts of the kernel that do not depend on Node.
import './arrived';
import './stand-ins/globals';
import { doors } from 'doors';
import { inspect } from 'node-inspect-extracted';
import type { Page } from '../../src/platform/browser';
import { send } from '../kernel/cells/channel';
import { showPathsInPrintedErrors } from '../kernel/cells/errors/errors';
import { showPathsFrom } from '../kernel/cells/errors/stack';
import { forgetRejection, reportUncaught, waitForRejectionsBy } from '../kernel/cells/errors/uncaught';
import { installJupyter } from '../kernel/cells/jupyter';
import { completeLibrary } from '../kernel/cells/modules/newer-library';
import { tslabApi } from '../kernel/cells/modules/tslab';
import { groupByCell } from '../kernel/cells/node/groups';
import { keepParents } from '../kernel/cells/parent/keep-parent';
import { nameOfCells, Runner } from '../kernel/cells/run';
import { CellServer } from '../kernel/cells/serve';
import { installConsole } from './console';
import { FileTable } from './files';
import { PageModules } from './page-modules';
import type { HostToCells, Read, ReadAnswer, Write } from './protocol';
import { installStacks } from './stacks';
import { stop } from './stop';
import { captureStreams } from './streams';
import { installTimers } from './timers';

declare const VERSIONS: { tslab: string; typescript: string };
declare const PATIENCE: number;

const files = new FileTable();

/** Asks the page, which alone can access JupyterLite's files. */
const ask = (path: string, message: Omit<Read, 'port'> | Omit<Write, 'port'>): Promise<Uint8Array | undefined> =>
  new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<ReadAnswer>) => {
      port1.close();
      if ('error' in data) reject(new Error(`${path}: ${data.error}`));
      else resolve(data.bytes);
    };
    self.postMessage({ ...message, port: port2 }, [port2]);
  });
const readFile = (path: string) => ask(path, { type: 'read', path });
const writeFile = async (path: string, bytes: Uint8Array, makesFolders = false) =>
  void (await ask(path, { type: 'write', path, bytes, makesFolders }));

captureStreams();
installConsole();
groupByCell();
installTimers();
keepParents();
completeLibrary();
installStacks();
showPathsInPrintedErrors();
const uncaught = (event: Event, thrown: unknown, promise?: unknown) => {
  event.preventDefault();
  reportUncaught(thrown, promise);
};
/** Rejections are reported in order, at an unknown time: once this one is reported, all earlier ones have been. */
const sign = Symbol('rejections are known');
let known = () => {};
waitForRejectionsBy(
  () =>
    new Promise((resolve) => {
      known = resolve;
      void Promise.reject(sign);
    }),
);
self.addEventListener('unhandledrejection', (event) => {
  if (event.reason !== sign) return uncaught(event, event.reason, event.promise);
  event.preventDefault();
  event.stopImmediatePropagation();
  known();
});
self.addEventListener('rejectionhandled', ({ promise }) => forgetRejection(promise));
self.addEventListener('error', (event) => uncaught(event, event.error));

/** Holds a lock until this worker ends in any way. */
const live = (name: string) =>
  new Promise<void>((resolve) => {
    if (navigator.locks === undefined) resolve();
    else
      void navigator.locks.request(name, () => {
        resolve();
        return new Promise(() => {});
      });
  });

let server: CellServer | undefined;
const packages = {
  ...doors,
  tslab: () => tslabApi({ ...VERSIONS, node: '' }),
  'node:util': () => ({ inspect }),
};

self.onmessage = ({ data }: MessageEvent<HostToCells>) => {
  if (data.type === 'start') {
    const { folder, data: dataFolder } = data.place;
    stop.sign = data.sign;
    files.take(data.files);
    process.cwd = () => folder;
    showPathsFrom(folder);
    const given = [folder, '/drive/notebooks'];
    const page: Page = {
      files: files.all,
      readFile,
      writeFile,
      folder: `${folder}/`,
      inspect,
      data: dataFolder,
      given,
      patience: PATIENCE,
    };
    Object.assign(globalThis, { [Symbol.for('gradlab.page')]: page });
    const runner = new Runner(folder, new PageModules(nameOfCells(folder), files, packages));
    server = new CellServer(runner, installJupyter(), {
      setRunning: (first, last) => stop.setRunning(first, last),
      latest: () => stop.interrupted,
      clear: () => {
        stop.interrupted = 0;
      },
    });
    void live(data.life).then(() => send({ type: 'ready' }));
  } else if (data.type === 'files') files.take(data.files);
  else if (data.type === 'interrupt') {
    stop.sign = data.sign;
    stop.interrupt(data.parentId);
    server!.interrupt(data.parentId);
  } else server!.receive(data);
};
