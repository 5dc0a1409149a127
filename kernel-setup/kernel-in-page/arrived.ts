// First import of each worker. Modules run after all of them have been downloaded, so this message means that none has
// stalled.

/** The first message of a worker. */
export const ARRIVED = 'arrived';

if ('WorkerGlobalScope' in globalThis) self.postMessage(ARRIVED);
