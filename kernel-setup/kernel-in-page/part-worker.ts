// A worker whose code may fail to arrive, or stall on its way: it is started again after growing pauses, with files fetched anew,
// and what it was told before it spoke is told to its successor.
import { DownloadError } from '../kernel/host/download-error';
import { ARRIVED } from './arrived';
import { download } from './download.mjs';

/** The files that each worker needs to start, by its name; bundle-kernel.mjs fills them in. */
declare const PARTS: Record<string, string[]>;
/** Milliseconds without a byte after which a download counts as failed. */
declare const PATIENCE: number;

/** Milliseconds before each further try. */
const pauses = [500, 2000, 5000];

export interface PartEvents<Said> {
  onMessage(message: Said): void;
  /** It could not be loaded, and no further try is made. */
  onFailure(error: DownloadError): void;
  /** An error that it did not catch. */
  onError?(error: Error): void;
}

export class PartWorker<Told, Said> {
  private worker: Worker | undefined;
  /** What it was told while it had said nothing: it may never have heard of it. */
  private unheard: Told[] | undefined = [];
  private tries = 0;
  /** Whether its code runs. */
  private hasArrived = false;

  /** @param part such as 'cells-worker', of which the first message shows that it has started */
  constructor(
    private readonly part: string,
    private readonly events: PartEvents<Said>,
  ) {
    this.start();
  }

  post(message: Told): void {
    this.unheard?.push(message);
    this.worker?.postMessage(message);
  }

  end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  private start(): void {
    const worker = new Worker(new URL(`./${this.part}.mjs`, import.meta.url), { type: 'module', name: this.part });
    this.worker = worker;
    this.hasArrived = false;
    // Its files may also come slowly, which takes as long as it takes.
    const stalled = setTimeout(() => this.tryAgain(worker), PATIENCE * 2 ** this.tries);
    worker.onmessage = ({ data }: MessageEvent<Said | typeof ARRIVED>) => {
      clearTimeout(stalled);
      if (this.worker !== worker) return;
      if (data === ARRIVED) {
        this.hasArrived = true;
        return;
      }
      this.unheard = undefined;
      this.events.onMessage(data);
    };
    worker.onerror = ({ message }) => {
      clearTimeout(stalled);
      if (this.worker !== worker) return;
      if (this.unheard === undefined) {
        this.events.onError?.(new Error(message));
        return;
      }
      worker.terminate();
      // Without a reason the code did not arrive.
      const problem =
        message === undefined ? `${this.part} could not be downloaded` : `${this.part} does not start: ${message}`;
      void this.tryAgain(worker, problem);
    };
    for (const message of this.unheard ?? []) worker.postMessage(message);
  }

  /** Starts another one in the place of one that has said nothing, when its files can be had. @param problem why it cannot start */
  private async tryAgain(worker: Worker, problem?: string): Promise<void> {
    let reason = problem;
    for (; this.tries < pauses.length; this.tries++) {
      if (reason !== undefined) await new Promise((resolve) => setTimeout(resolve, pauses[this.tries]));
      const missing = await missingOf(PARTS[this.part]!);
      // It was ended, or has come after all.
      if (this.worker !== worker || (this.hasArrived && problem === undefined)) return;
      if (missing === undefined) {
        this.tries++;
        worker.terminate();
        this.start();
        return;
      }
      reason = missing;
    }
    if (this.worker !== worker || reason === undefined) return;
    this.end();
    this.events.onFailure(new DownloadError(`${reason}. Run the cell again, or restart the kernel, to try once more.`));
  }
}

/** Fetches files past what caches have of them, which may be damaged. Returns what is wrong with one, if any. */
async function missingOf(files: readonly string[]): Promise<string | undefined> {
  const problems = await Promise.all(
    files.map(async (file) => {
      const problem = await problemOf(new URL(file, import.meta.url));
      return problem && `${file} could not be downloaded: ${problem}`;
    }),
  );
  return problems.find((problem) => problem !== undefined);
}

async function problemOf(address: URL): Promise<string | undefined> {
  try {
    const { answer } = await download(address, 'reload', PATIENCE);
    if (answer.status === 404) return 'the server answered 404. If the site was renewed meanwhile, load the page anew';
    if (!answer.ok) return `the server answered ${answer.status}`;
    const type = answer.headers.get('Content-Type') ?? '';
    if (!/javascript|json/.test(type))
      return `${type || 'something else'} came in its place, perhaps the log-in page of a network`;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
