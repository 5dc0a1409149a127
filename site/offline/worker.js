// The site's service worker: it caches the whole site, as one build, so that a later visit needs no network.
// offline/index.mjs fills in the list of files and the function of download.mjs; a new list is a new worker, by which
// the browser detects a new build.
'use strict';

/** @type {Record<string, string>} the beginning of each file's SHA-256, by its path below the site's folder */
const files = SITE_FILES;
const root = new URL('./', self.location.href).href;
const atOnce = 6;
/** Milliseconds without a byte after which a download has failed. */
const patience = PATIENCE;

DOWNLOAD;

/**
 * Each build has its own cache, with files under their addresses, because a browser caches compiled scripts there, too.
 */
const ofSite = `gradlab ${root} `;
const storeName = `${ofSite}BUILD`;
const opening = caches.open(storeName);
const addressOf = (name) => new URL(encodeURI(name), root).href;
/** The address of the list of a build's files in its cache. */
const listAddress = `${root}?files`;

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Fetches a file of this build. Caches on the way may have that of another build, so their copy is only tried first.
 */
async function fetched(name) {
  let problem;
  for (const cache of ['default', 'reload']) {
    const { answer, bytes } = await download(addressOf(name), cache, patience);
    if (answer.ok && (await hashOf(bytes)) === files[name])
      // A redirected response cannot answer the request for a page.
      return answer.redirected ? new Response(bytes, { headers: answer.headers }) : answer;
    problem = answer.ok ? 'is not that of this build' : `cannot be had (${answer.status})`;
  }
  throw new Error(`${name} ${problem}`);
}

/** The names of the caches of other builds. */
const others = async () => (await caches.keys()).filter((name) => `${name} `.startsWith(ofSite) && name !== storeName);

/** Files in the caches of other builds, by hash. */
async function earlier() {
  const found = new Map();
  for (const cacheName of await others()) {
    const store = await caches.open(cacheName);
    const list = await (await store.match(listAddress))?.json();
    for (const [name, hash] of Object.entries(list ?? {})) found.set(hash, { store, name });
  }
  return found;
}

/**
 * Returns the same file of another build; not a module from another address, because modules import each other by
 * relative addresses.
 */
async function copied(name, found) {
  const other = found.get(files[name]);
  const answer = await other?.store.match(addressOf(other.name), { ignoreVary: true });
  return answer === undefined || other.name === name ? answer : new Response(answer.body, { headers: answer.headers });
}

/** After a failure cached files stay: the next attempt continues from there. */
async function keepAll() {
  const store = await opening;
  await store.put(listAddress, new Response(JSON.stringify(files)));
  const found = await earlier();
  const kept = new Set((await store.keys()).map(({ url }) => url));
  const missing = Object.keys(files).filter((name) => !kept.has(addressOf(name)));
  const all = Object.keys(files).length;
  let told = 0;
  const take = async () => {
    for (let name = missing.pop(); name !== undefined; name = missing.pop()) {
      await store.put(addressOf(name), (await copied(name, found)) ?? (await fetched(name)));
      const share = Math.floor((100 * (all - missing.length)) / all);
      if (share <= told) continue;
      told = share;
      await tell('gradlab-keeping', share);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
}

/** Tells all pages, also those that no service worker controls yet. */
async function tell(what, percent) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true }))
    client.postMessage({ what, percent });
}

async function forgetOthers() {
  for (const name of await others()) await caches.delete(name);
}

/** The path of a file of the site; undefined for everything else. */
function nameOf(request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || !`${origin}${pathname}`.startsWith(root)) return undefined;
  const path = decodeURIComponent(`${origin}${pathname}`.slice(root.length));
  const name = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  return Object.hasOwn(files, name) ? name : undefined;
}

/** After the request to take over, the pages between the old build and the new one may count as two. */
let hasMadeWay = false;
/** Whether a newer build waits for pages of this one, and there is none besides the one that is being loaded. */
async function canMakeWay() {
  if (!self.registration.waiting) return false;
  hasMadeWay ||= (await self.clients.matchAll({ type: 'window' })).length < 2;
  return hasMadeWay;
}

async function answer(request, name) {
  if (request.mode === 'navigate' && (await canMakeWay())) {
    self.registration.waiting.postMessage('take over');
    return new Response('', { headers: { Refresh: '0', 'Content-Type': 'text/html' } });
  }
  // Without access to the cache, there may still be a network.
  const kept = await opening.then((store) => store.match(addressOf(name), { ignoreVary: true })).catch(() => undefined);
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
