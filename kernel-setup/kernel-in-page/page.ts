// The kernel as the page sees it: its host in a worker, which may be started before anybody listens.
import type { Posted } from './channels';
import { PartWorker } from './part-worker';
import type { Place, ToHost } from './protocol';

type Told = ToHost | Posted;

export interface Host {
  readonly place: Place;
  /** Settles when it has started, or cannot be downloaded. */
  readonly ready: Promise<void>;
  readonly hasFailed: boolean;
  post(message: Told): void;
  /** From now on messages go there, the earlier ones first. */
  listen(hear: (message: Posted) => void): void;
  end(): void;
}

export function startHost(place: Place): Host {
  const early: Posted[] = [];
  let hear = (message: Posted): void => void early.push(message);
  let hasFailed = false;
  let part!: PartWorker<Told, Posted>;
  const ready = new Promise<void>((resolve, reject) => {
    part = new PartWorker('host-worker', {
      onMessage(message) {
        resolve();
        hear(message);
      },
      onFailure(error) {
        hasFailed = true;
        reject(error);
      },
    });
  });
  ready.catch(() => {}); // whoever waits for it hears of it
  part.post({ type: 'start', place });
  return {
    place,
    ready,
    get hasFailed() {
      return hasFailed;
    },
    post: (message) => part.post(message),
    listen(listener) {
      for (const message of early.splice(0)) listener(message);
      hear = listener;
    },
    end: () => part.end(),
  };
}
