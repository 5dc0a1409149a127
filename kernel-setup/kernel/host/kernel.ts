// The kernel: connects its parts and speaks the protocol. Cells and the compiler run elsewhere, so it can always answer.
import type { ErrorReport } from '../process-messages';
import type { Message, Request } from './channels';
import { Comms } from './comms';
import { Dispatcher } from './dispatch';
import { Executor } from './execute';
import { makeHandlers } from './handlers';
import { History } from './history';
import { Outputs } from './output';
import type { Parts } from './parts';
import { Shell } from './shell';
import { Stdin } from './stdin';

export interface KernelOptions
  extends Pick<Parts, 'channels' | 'cells' | 'compiler' | 'info' | 'connection' | 'usage'> {
  /** Makes the first cell fail. */
  firstError?: ErrorReport;
  /** Default: of this session only. */
  history?: History;
  /** Called when a front end has shut the kernel down. */
  end(): void;
}

export class Kernel {
  private readonly executor: Executor;
  private readonly shell: Shell;
  private readonly stdin: Stdin;

  constructor({ firstError, end, history = new History(), ...given }: KernelOptions) {
    const { channels, cells, compiler } = given;
    const outputs = new Outputs(channels);
    const comms = new Comms(channels, cells, outputs);
    this.stdin = new Stdin(channels, cells, outputs);
    const parts = { ...given, outputs, comms, stdin: this.stdin, history };
    cells.showIn(outputs);
    cells.onCompile = (file) => compiler.ask('localModules', file);
    cells.onLoss = (why) => {
      comms.closeAll();
      compiler.reset(why);
    };
    this.executor = new Executor(parts, firstError, () => this.shell.abortWaiting());
    const shutDown = (restart: boolean) => {
      // After the reply of the current request.
      setTimeout(() => {
        channels.publish('shutdown_reply', { status: 'ok', restart }, {});
        end();
      });
    };
    const dispatcher = new Dispatcher(
      channels,
      outputs,
      makeHandlers(parts, this.executor, () => this.interrupt(), shutDown),
    );
    this.shell = new Shell(
      dispatcher,
      channels,
      (request) => outputs.changing.concerns(request),
      () => cells.isRunning,
    );
    cells.onBegin = () => this.shell.join();
    channels.publish('status', { execution_state: 'starting' }, {});
  }

  receive(channel: 'shell' | 'control' | 'stdin', message: Message): void {
    if (channel === 'stdin') this.stdin.receive(message);
    else if (channel === 'control') this.shell.receiveControl(message as Request);
    else this.shell.receive(message as Request);
  }

  /** Interrupts the running cell, or the next one: a cell sent before the interrupt may be read after it. */
  interrupt(): void {
    setTimeout(() => this.executor.interrupt(this.shell.nextCell));
  }
}
