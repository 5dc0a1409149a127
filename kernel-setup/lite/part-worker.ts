// A worker whose code may fail to arrive: it is started again after growing pauses, with files fetched anew, and what it was told
// before it spoke is told to its successor.
import { DownloadError } from '../kernel/host/download-error';

/** The files that each worker needs to start, by its name; bundle.mjs fills them in. */
declare const PARTS: Record<string, string[]>;

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
    this.tries = Number.POSITIVE_INFINITY;
  }

  private start(): void {
    const worker = new Worker(new URL(`./${this.part}.mjs`, import.meta.url), { type: 'module', name: this.part });
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if (this.worker !== worker) return;
      this.unheard = undefined;
      this.events.onMessage(data);
    };
    worker.onerror = ({ message }) => {
      if (this.worker !== worker) return;
      if (this.unheard === undefined) this.events.onError?.(new Error(message));
      else void this.tryAgain(message);
    };
    for (const message of this.unheard ?? []) worker.postMessage(message);
  }

  private async tryAgain(reason: string | undefined): Promise<void> {
    this.worker?.terminate();
    this.worker = undefined;
    // Without a reason the code did not arrive.
    let problem =
      reason === undefined ? `${this.part} could not be downloaded` : `${this.part} does not start: ${reason}`;
    for (; this.tries < pauses.length; this.tries++) {
      await new Promise((resolve) => setTimeout(resolve, pauses[this.tries]));
      const missing = await missingOf(PARTS[this.part]);
      if (this.tries > pauses.length) return; // it was ended
      if (missing === undefined) {
        this.tries++;
        this.start();
        return;
      }
      problem = missing;
    }
    if (this.tries > pauses.length) return;
    this.end();
    this.events.onFailure(
      new DownloadError(`${problem}. Run the cell again, or restart the kernel, to try once more.`),
    );
  }
}

/** Fetches files past what caches have of them, which may be damaged. Returns what is wrong with one, if any. */
async function missingOf(files: readonly string[]): Promise<string | undefined> {
  const problems = await Promise.all(
    files.map(async (file) => {
      try {
        const answer = await fetch(new URL(file, import.meta.url), { cache: 'reload' });
        const type = answer.headers.get('Content-Type') ?? '';
        await answer.arrayBuffer();
        if (!answer.ok) return `${file} could not be downloaded: the server answered ${answer.status}`;
        if (!/javascript|json/.test(type))
          return `${file} could not be downloaded: ${type || 'something else'} came in its place, perhaps the log-in page of a network`;
        return undefined;
      } catch (error) {
        return `${file} could not be downloaded: ${(error as Error).message}`;
      }
    }),
  );
  return problems.find((problem) => problem !== undefined);
}
