// What each worker runs first: modules run when all of them have come, so this tells that no download of theirs stalls.

/** The first message of a worker. */
export const ARRIVED = 'arrived';

if ('WorkerGlobalScope' in globalThis) self.postMessage(ARRIVED);
