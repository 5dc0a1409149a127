// The kernel for the page: its host is in a worker, which may start before there is a listener.
import type { Posted } from './channels';
import { PartWorker } from './part-worker';
import type { Place, ToHost } from './protocol';

type Told = ToHost | Posted;

export interface Host {
  readonly place: Place;
  /** Resolves when it has started; rejects if it cannot be downloaded. */
  readonly ready: Promise<void>;
  readonly hasFailed: boolean;
  post(message: Told): void;
  /** Sets the listener; earlier messages come first. */
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
  ready.catch(() => {}); // callers that await it receive the error
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
