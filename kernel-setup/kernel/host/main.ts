// The kernel as a process that Jupyter starts: sockets, signals and its end.
import path from 'node:path';
import { releaseMemoryWhenIdle } from '../idle-memory';
import type { LibraryBuild } from '../library-build';
import type { ErrorReport } from '../process-messages';
import { ChildProcessOfCells } from './cell-process';
import { Cells } from './cells';
import { Compiler } from './compiler';
import { startCompilerThread } from './compiler-thread';
import { ConnectionError, channelNames, type Ports, readConnection } from './connection';
import { History } from './history';
import { HistoryFiles } from './history-files';
import { Kernel } from './kernel';
import { kernelInfo } from './kernel-info';
import { openSockets } from './sockets';
import { UsageMeter } from './usage';
import { versions } from './versions';
import { Wire } from './wire';
import { ZmqChannels } from './zmq-channels';

export interface NodeKernelOptions {
  connectionFile: string | undefined;
  /** Declaration files that every cell sees. */
  types: readonly string[];
  /** The folder for what makes the next start faster. */
  cache: string;
  /** The folder for the inputs of all sessions. */
  history: string;
  /** The build of gradlab for cells; default: what Node finds. */
  library?: LibraryBuild;
  /** Why the first cell fails instead of running. */
  firstError?: ErrorReport;
  /** What a person can do about a part of the kernel that does not load. */
  repair?: string;
}

/** Runs the kernel in this process until a front end shuts it down, or its Jupyter server is gone. */
export async function runKernel({
  connectionFile,
  types,
  cache,
  history,
  library,
  firstError,
  repair,
}: NodeKernelOptions): Promise<void> {
  const file = connectionFile && path.resolve(connectionFile);
  enterNotebookFolder();
  // First, so that both start while this thread opens the sockets.
  const compiler = new Compiler((events) => startCompilerThread({ types, cache, library }, events), repair);
  let child: ChildProcessOfCells | undefined;
  const cells = new Cells((events) => {
    child = new ChildProcessOfCells(events, library);
    return child;
  });
  const usage = new UsageMeter(() => [process.pid, child?.pid].filter((pid) => pid !== undefined));
  const { connection, sockets } = await connect(file);
  const channels = new ZmqChannels(sockets, new Wire(connection.key, connection.signature_scheme));
  const end = async () => {
    // Jupyter's terminal shows it: no notebook listens any more.
    for (const line of await cells.stop()) console.error(line);
    sockets.close();
    process.exit();
  };
  const kernel = new Kernel({
    channels,
    cells,
    compiler,
    info: kernelInfo(versions()),
    connection: { status: 'ok', ...portsOf(connection) },
    firstError,
    usage: usage.read,
    history: isKept(process.env.GRADLAB_HISTORY) ? new History(new HistoryFiles(history)) : new History(),
    end,
  });
  const keepReady = releaseMemoryWhenIdle();
  for (const channel of ['shell', 'control', 'stdin'] as const)
    void channels.listen(sockets[channel], (message) => {
      keepReady();
      kernel.receive(channel, message);
    });
  void channels.welcome();
  process.on('SIGINT', () => kernel.interrupt());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
  endWithJupyter(end);
}

/** Whether inputs are kept for later sessions: a person may want no trace of what cells hold. */
const isKept = (wish: string | undefined): boolean => !/^(0|no|off|false)$/i.test(wish ?? '');

/** Without its sockets the kernel can tell no cell what is wrong: Jupyter's terminal shows what is written here. */
async function connect(file: string | undefined) {
  try {
    const connection = readConnection(file);
    return { connection, sockets: await openSockets(connection) };
  } catch (error) {
    console.error('The TypeScript kernel cannot start:', error instanceof ConnectionError ? error.message : error);
    process.exit(1);
  }
}

/** What a front end may know. */
const portsOf = (connection: Ports) =>
  Object.fromEntries(channelNames.map((name) => [`${name}_port`, connection[`${name}_port`]])) as unknown as Ports;

/**
 * A gateway starts its kernels in its own folder, and says by a variable where the notebook is: cells, and files beside the
 * notebook, are looked for there, where this machine has that folder.
 */
function enterNotebookFolder({ KERNEL_GATEWAY, KERNEL_WORKING_DIR } = process.env): void {
  if (!KERNEL_GATEWAY || !KERNEL_WORKING_DIR) return;
  try {
    process.chdir(KERNEL_WORKING_DIR);
  } catch {
    // The gateway's machine does not have it.
  }
}

/** A Jupyter server that is killed cannot end its kernels; they notice that their parent, which it was, is gone. */
function endWithJupyter(end: () => void): void {
  const server = Number(process.env.JPY_PARENT_PID);
  // Process 1 takes over those whose server was gone before they came this far.
  const orphaned = server > 0 && process.ppid === 1;
  if (process.ppid !== server && !orphaned) return; // started by way of another program
  setInterval(() => {
    if (process.ppid !== server) end();
  }, 1000).unref();
}
