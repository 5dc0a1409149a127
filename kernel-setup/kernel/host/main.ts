// The kernel as Jupyter sees it: it speaks the protocol and compiles; cells run in a process of their own, so that it can
// always answer.
import type { Compiler } from '../compiler/types';
import type { ErrorReport } from '../process-messages';
import { Cells } from './cells';
import { Channels, type Request } from './channels';
import { loadCached } from './code-cache';
import { Comms } from './comms';
import { Dispatcher } from './dispatch';
import { Executor } from './execute';
import { makeHandlers } from './handlers';
import { History } from './history';
import { tidyWhenIdle } from './idle-memory';
import { Outputs } from './output';
import { Questions } from './questions';
import { Shell } from './shell';
import { openSockets, readConnection } from './sockets';
import { Wire } from './wire';

export interface KernelOptions {
  connectionFile: string;
  /** Declaration files that every cell sees. */
  types: readonly string[];
  /** The folder for what makes the next start faster. */
  cache: string;
  /** Why the first cell fails instead of running. */
  firstError?: ErrorReport;
}

/** How long, in milliseconds, a front end has to send its first cell before the compiler is warmed up without one. */
const patience = 100;

/** Runs the kernel in this process until a front end shuts it down, or its Jupyter server is gone. */
export async function runKernel({ connectionFile, types, cache, firstError }: KernelOptions): Promise<void> {
  // First, so that it starts while this process loads the compiler.
  const cells = new Cells();
  const connection = readConnection(connectionFile);
  const wire = new Wire(connection.key, connection.signature_scheme);
  const sockets = await openSockets(connection);
  const channels = new Channels(sockets, wire);
  const outputs = new Outputs(channels);
  cells.showIn(outputs);
  const comms = new Comms(channels, cells, outputs);
  const questions = new Questions(channels, cells, outputs);
  const compiler = loadCompiler(types, cache);
  const parts = { channels, outputs, cells, compiler, comms, questions, history: new History(), connection };
  cells.onLoss = () => {
    comms.closeAll();
    void compiler.then((loaded) => loaded.reset());
  };

  const executor: Executor = new Executor(parts, firstError, () => shell.abortWaiting());
  const end = async () => {
    await cells.stop();
    sockets.close();
    process.exit();
  };
  const shutDown = (restart: boolean) => {
    // After the answer that this is called from.
    setImmediate(() => {
      channels.publish('shutdown_reply', { status: 'ok', restart }, {});
      void end();
    });
  };
  const dispatcher = new Dispatcher(channels, outputs, makeHandlers(parts, executor, shutDown));
  const shell: Shell = new Shell(dispatcher, channels);

  const { shell: shellSocket, control, stdin } = sockets;
  const keepReady = tidyWhenIdle();
  void channels.listen(shellSocket, (message) => {
    keepReady();
    shell.receive({ ...message, socket: shellSocket } as Request);
  });
  void channels.listen(control, (message) => shell.receiveControl({ ...message, socket: control } as Request));
  void channels.listen(stdin, (message) => questions.receive(message));
  process.on('SIGINT', () => cells.interrupt());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
  endWithJupyter(end);
  channels.publish('status', { execution_state: 'starting' }, {});
}

/**
 * Later, so that what came before gets its turn: loading takes most of the time in which a kernel starts. A first cell
 * warms the compiler up while nobody waits.
 */
function loadCompiler(types: readonly string[], cache: string): Promise<Compiler> {
  return new Promise((resolve) => {
    setImmediate(() => {
      const keepCompiled = loadCached('typescript', cache);
      const { createCompiler } = require('../compiler') as typeof import('../compiler');
      const compiler = createCompiler(types);
      resolve(compiler);
      setTimeout(() => {
        compiler.compile('0', { file: 'Cell [0]', keep: false });
        keepCompiled();
      }, patience).unref();
    });
  });
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
