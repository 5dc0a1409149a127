// The site's service worker: it keeps the whole site, as one build of it, so that a later visit needs no network. offline/index.mjs
// fills in the list of files and the function of download.mjs; a new list is a new worker, by which the browser notices a new build.
'use strict';

/** @type {Record<string, string>} the beginning of each file's SHA-256, by its path below the site's folder */
const files = SITE_FILES;
const root = new URL('./', self.location.href).href;
const atOnce = 6;
/** Milliseconds without a byte after which a download has failed. */
const patience = PATIENCE;
/** Of the site's own server: those of isolation let its pages share memory. */
const keptHeaders = [
  'Content-Type',
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Embedder-Policy',
  'Cross-Origin-Resource-Policy',
];

DOWNLOAD;

const openStore = () => caches.open(`gradlab ${root}`);
/** Under its hash, so that builds which lie beside each other share what is the same, wherever it stands in them. */
const keyOf = (name) => `${root}${files[name]}${/\.\w+$/.exec(name)?.[0] ?? ''}`;

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Fetches a file of this build: caches on the way may have that of another, so their copy is only tried first. */
async function keep(store, name) {
  let problem;
  for (const cache of ['default', 'reload']) {
    const { answer, bytes } = await download(root + name, cache, patience);
    if (answer.ok && (await hashOf(bytes)) === files[name]) {
      // As a response of its own: one that was redirected cannot answer the request for a page.
      const headers = keptHeaders.flatMap((header) => {
        const value = answer.headers.get(header);
        return value === null ? [] : [[header, value]];
      });
      await store.put(keyOf(name), new Response(bytes, { headers }));
      return;
    }
    problem = answer.ok ? 'is not that of this build' : `cannot be had (${answer.status})`;
  }
  throw new Error(`${name} ${problem}`);
}

/** What was kept stays when this fails: the next try goes on from there. */
async function keepAll() {
  const store = await openStore();
  const kept = new Set((await store.keys()).map(({ url }) => url));
  const missing = [...new Map(Object.keys(files).map((name) => [keyOf(name), name]))]
    .filter(([key]) => !kept.has(key))
    .map(([, name]) => name);
  const take = async () => {
    for (let name = missing.pop(); name !== undefined; name = missing.pop()) await keep(store, name);
  };
  await Promise.all(Array.from({ length: atOnce }, take));
}

async function forgetOthers() {
  const store = await openStore();
  const own = new Set(Object.keys(files).map(keyOf));
  for (const request of await store.keys()) if (!own.has(request.url)) await store.delete(request);
}

/** The path of a file of the site; undefined for everything else. */
function nameOf(request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || !`${origin}${pathname}`.startsWith(root)) return undefined;
  const path = decodeURIComponent(`${origin}${pathname}`.slice(root.length));
  const name = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  return Object.hasOwn(files, name) ? name : undefined;
}

/** Whether a newer build waits for pages of this one, and there is none beside the one that is being loaded. */
async function canMakeWay() {
  return self.registration.waiting && (await self.clients.matchAll({ type: 'window' })).length < 2;
}

async function answer(request, name) {
  if (request.mode === 'navigate' && (await canMakeWay())) {
    self.registration.waiting.postMessage('take over');
    return new Response('', { headers: { Refresh: '0', 'Content-Type': 'text/html' } });
  }
  const kept = await (await openStore()).match(keyOf(name));
  return kept ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
self.addEventListener('message', ({ data }) => {
  if (data === 'take over') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const name = nameOf(event.request);
  if (name !== undefined) event.respondWith(answer(event.request, name));
});
