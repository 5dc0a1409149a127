// The host of the kernel in a page. Its messages are Jupyter's; the compiler and the cells are in two other workers.
import './arrived';
import './stand-ins/globals';
import { Cells } from '../kernel/host/cells';
import { Compiler, type CompilerThreadEvents } from '../kernel/host/compiler';
import { Kernel } from '../kernel/host/kernel';
import { kernelInfo } from '../kernel/host/kernel-info';
import { WorkerOfCells } from './cell-worker';
import { type Posted, PostedChannels } from './channels';
import { PartWorker } from './part-worker';
import type { Files, FromCompiler, HostToCompiler, Place, ToHost } from './protocol';

declare const VERSIONS: { gradlab: string; typescript: string };

const files: Files = {};
let compilerWorker: PartWorker<HostToCompiler, FromCompiler> | undefined;
let cellWorker: WorkerOfCells | undefined;

function startCompiler(folder: string, events: CompilerThreadEvents) {
  const worker = new PartWorker<HostToCompiler, FromCompiler>('compiler-worker', {
    onMessage: events.onMessage,
    onFailure: events.onDeath,
    onError: events.onDeath,
  });
  compilerWorker = worker;
  worker.post({ type: 'start', folder, files });
  return { post: (message: HostToCompiler) => worker.post(message), end: () => worker.end() };
}

function start(place: Place): Kernel {
  const compiler = new Compiler((events) => startCompiler(place.folder, events));
  const cells = new Cells((events) => {
    cellWorker = new WorkerOfCells(place, events);
    return cellWorker;
  });
  return new Kernel({
    channels,
    cells,
    compiler,
    info: kernelInfo({ ...VERSIONS, platform: 'in the browser' }),
    end: () => void cells.stop().then(() => self.close()),
  });
}

/** Passes new or changed files to the other workers. */
function take(given: Files): void {
  Object.assign(files, given);
  compilerWorker?.post({ type: 'files', files: given });
  cellWorker?.give(given);
}

const channels = new PostedChannels((message) => self.postMessage(message));
let kernel: Kernel | undefined;
self.onmessage = ({ data }: MessageEvent<ToHost | Posted>) => {
  const order = (data ?? {}) as Partial<ToHost>;
  if (order.type === 'start') kernel = start(order.place!);
  else if (order.type === 'files') take(order.files!);
  else {
    const message = channels.read(data);
    if (typeof message === 'string') console.error(`gradlab kernel: ignored ${message}`);
    else kernel!.receive(channels.of(message), message);
  }
};
