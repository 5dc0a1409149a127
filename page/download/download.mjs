// A download that may stall after the server has accepted. For pages and the kernel's workers; site/offline/index.mjs inserts it into
// the service worker and pages.

/**
 * @param {string | URL} address
 * @param {RequestCache} cache
 * @param {number} patience milliseconds without a byte after which it has failed
 * @returns {Promise<{ answer: Response, bytes: ArrayBuffer }>} the answer, unread, and all of its bytes
 */
export async function download(address, cache, patience) {
  const control = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(new Error(`no data arrived for ${patience / 1000} seconds`)), patience);
  };
  try {
    wait();
    const answer = await fetch(address, { cache, signal: control.signal });
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    const reader = answer.clone().body?.getReader();
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      parts.push(part.value);
      wait();
    }
    return { answer, bytes: await new Blob(parts).arrayBuffer() };
  } finally {
    clearTimeout(timer);
  }
}
