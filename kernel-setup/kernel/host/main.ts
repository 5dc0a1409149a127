// The kernel as a process that Jupyter starts: sockets, signals, exit.
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
  /** Declaration files visible in every cell. */
  types: readonly string[];
  /** Folder of caches for faster starts. */
  cache: string;
  /** Folder of the history. */
  history: string;
  /** The build of gradlab for cells; default: the one that Node finds. */
  library?: LibraryBuild;
  /** Makes the first cell fail. */
  firstError?: ErrorReport;
  /** What the user can do if a part of the kernel does not load. */
  repair?: string;
}

/** Runs the kernel in this process until a front end shuts it down or the Jupyter server is gone. */
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
    // For Jupyter's terminal: no notebook is connected any more.
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

/** Whether to store inputs for later sessions. Users can disable it. */
const isKept = (wish: string | undefined): boolean => !/^(0|no|off|false)$/i.test(wish ?? '');

/** Without sockets, errors cannot reach a notebook, so they are printed to Jupyter's terminal. */
async function connect(file: string | undefined) {
  try {
    const connection = readConnection(file);
    return { connection, sockets: await openSockets(connection) };
  } catch (error) {
    console.error('The TypeScript kernel cannot start:', error instanceof ConnectionError ? error.message : error);
    process.exit(1);
  }
}

/** The part of the connection that front ends may see. */
const portsOf = (connection: Ports) =>
  Object.fromEntries(channelNames.map((name) => [`${name}_port`, connection[`${name}_port`]])) as unknown as Ports;

/**
 * A gateway starts kernels in its own folder and passes the notebook's folder in a variable. Cells look for files there,
 * if it exists on this machine.
 */
function enterNotebookFolder({ KERNEL_GATEWAY, KERNEL_WORKING_DIR } = process.env): void {
  if (!KERNEL_GATEWAY || !KERNEL_WORKING_DIR) return;
  try {
    process.chdir(KERNEL_WORKING_DIR);
  } catch {
    // It does not exist on the gateway's machine.
  }
}

/** Ends the kernel if its parent, the Jupyter server, was killed. */
function endWithJupyter(end: () => void): void {
  const server = Number(process.env.JPY_PARENT_PID);
  // Process 1 adopts kernels whose server ended before this line.
  const orphaned = server > 0 && process.ppid === 1;
  if (process.ppid !== server && !orphaned) return; // started through another program
  setInterval(() => {
    if (process.ppid !== server) end();
  }, 1000).unref();
}
