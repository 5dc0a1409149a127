import { soon } from '../../platform';

/** Milliseconds. A request this soon after a slow run was delayed by it, and further requests may follow. */
const slow = 20;
const close = 3;
/** Milliseconds without a request after which all delayed ones have arrived. */
const quiet = 5;

/** Runs a function at each request; while it runs, or requests are queued, only for the newest of them. */
export class Newest {
  private isRunning = false;
  private isWanted = false;
  private startedAt = 0;
  private endedAt = Number.NEGATIVE_INFINITY;
  private took = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly run: () => Promise<void> | undefined) {}

  /** Returns a promise if a run takes longer than this call; the caller may await it. */
  request(): Promise<void> | undefined {
    this.isWanted = true;
    if (this.isRunning) return undefined;
    const isBacklog = this.took > slow && performance.now() - this.endedAt < close;
    if (!isBacklog && this.timer === undefined) return this.start();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.start();
    }, quiet);
    return undefined;
  }

  private start(): Promise<void> | undefined {
    this.isWanted = false;
    this.isRunning = true;
    this.startedAt = performance.now();
    // An interrupted run does not continue, not even in a `finally`; nor do the global timers of its cell.
    const cancel = soon(() => {
      this.isRunning = false;
    });
    const ended = this.run();
    cancel();
    return ended === undefined ? this.end() : ended.then(() => this.end());
  }

  private end(): Promise<void> | undefined {
    this.isRunning = false;
    this.endedAt = performance.now();
    this.took = this.endedAt - this.startedAt;
    return this.isWanted ? this.start() : undefined;
  }
}
