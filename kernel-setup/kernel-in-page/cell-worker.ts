// The cell worker for the host: starts it, sends messages and interrupts, and restarts it when it was terminated.
import type { CellProcess, CellProcessEvents } from '../kernel/host/cells';
import type { FromCells, ParentId, ToCells } from '../kernel/process-messages';
import { PartWorker } from './part-worker';
import type { Files, HostToCells, Place, Read, StopSign, Write } from './protocol';

export class WorkerOfCells implements CellProcess {
  /** Undefined after a failed download: the next message starts another one. */
  private worker: PartWorker<HostToCells, FromCells | Read | Write> | undefined;
  private sign = newSign();
  private stopped = false;
  private readonly files: Files = {};

  constructor(
    private readonly place: Place,
    private readonly events: CellProcessEvents,
  ) {
    this.start();
  }

  send(message: ToCells): void {
    if (this.worker === undefined) this.start();
    this.post(message);
  }

  /** Sends new or changed files. */
  give(files: Files): void {
    Object.assign(this.files, files);
    this.post({ type: 'files', files });
  }

  interrupt(parentId: ParentId): void {
    if (this.sign.memory !== undefined) Atomics.store(this.sign.memory, 0, parentId);
    else {
      URL.revokeObjectURL(this.sign.address!);
      this.sign = newSign();
    }
    // Cancels a cell that awaits, and passes the new address for later cells.
    this.post({ type: 'interrupt', parentId, sign: this.sign });
  }

  kill(): void {
    this.worker?.end();
    this.start();
    this.events.onDeath({ code: null, signal: null, lastOutput: '', isWorker: true }, false);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.worker?.end();
  }

  async outputRead(): Promise<void> {}

  private post(message: HostToCells): void {
    this.worker?.post(message);
  }

  private start(): void {
    const life = `gradlab cells ${crypto.randomUUID()}`;
    const worker: PartWorker<HostToCells, FromCells | Read | Write> = new PartWorker('cells-worker', {
      onMessage: (message) => {
        if (this.worker !== worker) return;
        if (message.type === 'read' || message.type === 'write') {
          self.postMessage(message, [message.port]);
          return;
        }
        if (message.type === 'ready') void this.watch(worker, life);
        this.events.onMessage(message);
      },
      onFailure: (download) => {
        this.worker = undefined;
        this.events.onDeath({ code: null, signal: null, lastOutput: '', download }, false);
      },
    });
    this.worker = worker;
    const { place, files, sign } = this;
    this.post({ type: 'start', place, files, sign, life });
  }

  /** A worker that ends by itself sends no event, but its lock is released. */
  private async watch(worker: object, life: string): Promise<void> {
    // Locks need HTTPS or localhost.
    await navigator.locks?.request(life, () => {
      if (this.worker === worker && !this.stopped) this.kill();
    });
  }
}

function newSign(): StopSign {
  if (globalThis.crossOriginIsolated) return { memory: new Int32Array(new SharedArrayBuffer(4)) };
  return { address: URL.createObjectURL(new Blob(['go on'])) };
}
