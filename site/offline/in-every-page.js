// In the head of every page of the site: reports failed downloads of a page's parts, and retries; registers the service worker,
// which downloads the whole site for offline use: from the second notebook on, or when the reader asks. offline/index.mjs inserts the
// function of download.mjs.
(() => {
  const root = new URL(document.currentScript.dataset.root, document.baseURI);

  /** Seconds until a page that could not start is reloaded, by the number of previous tries. */
  const pauses = [2, 5, 15];
  const triesKey = `gradlab tries ${location.pathname}`;
  // Storage may be forbidden; then there are no automatic retries.
  const tries = () => {
    try {
      return Number(sessionStorage.getItem(triesKey));
    } catch {
      return pauses.length;
    }
  };
  const hasStarted = () => document.getElementById('main') !== null;
  let timer;

  const isPart = (error) =>
    error?.name === 'ChunkLoadError' || /module script failed|dynamically imported module/.test(error?.message ?? '');

  /** Reports that a part of the page is missing, and reloads a page that cannot work without it. */
  function say(problem, isNeeded = !hasStarted()) {
    if (document.body === null) {
      document.addEventListener('DOMContentLoaded', () => say(problem), { once: true });
      return;
    }
    const text = showBar(`A part of this page could not be downloaded${problem && `: ${problem}`}.`);
    if (isNeeded) tryLater(text);
  }

  /** Shows a line at the foot of the page, with a button that reloads it. @returns the line */
  function showBar(text) {
    let bar = document.getElementById('gradlab-download');
    if (bar === null) {
      bar = document.createElement('div');
      bar.id = 'gradlab-download';
      bar.setAttribute('role', 'alert');
      bar.style.cssText =
        'position:fixed;z-index:100000;left:0;right:0;bottom:0;padding:10px 16px;font:15px/1.4 system-ui,sans-serif;' +
        'background:#7a1f1f;color:#fff;display:flex;gap:16px;align-items:center;flex-wrap:wrap';
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Try again';
      // A page's own buttons have the colour of its links.
      button.style.cssText =
        'font:inherit;color:inherit;background:none;border:1px solid;border-radius:8px;padding:4px 12px;cursor:pointer';
      button.onclick = () => location.reload();
      bar.append(document.createElement('span'), button);
      document.body.append(bar);
    }
    bar.firstChild.textContent = text;
    return bar.firstChild;
  }

  /** Reloads a page that has not started, or lacks the part in its address, automatically a few times. */
  function tryLater(text) {
    const done = tries();
    if (timer !== undefined || done >= pauses.length) return;
    text.textContent += ` Trying again in ${pauses[done]} seconds.`;
    const hadStarted = hasStarted();
    timer = setTimeout(() => {
      if (hasStarted() !== hadStarted) return;
      sessionStorage.setItem(triesKey, String(done + 1));
      location.reload();
    }, 1000 * pauses[done]);
  }

  DOWNLOAD;

  /** The addresses of scripts that the page waits for. */
  const awaited = () =>
    [...document.scripts].map(({ src }) => src).filter((src) => src && !performance.getEntriesByName(src).length);
  const patience = Number(document.currentScript.dataset.patience);
  let newest = performance.now();

  /** A stalled script is fetched in parallel: if that succeeds, the page finds it in the browser's cache. */
  async function lookForStalled() {
    if (hasStarted()) return;
    const [address] = awaited();
    if (address !== undefined && performance.now() - newest > patience) {
      const problem = await download(address, 'reload', patience).then(
        () => 'it stalled',
        ({ message }) => message,
      );
      if (awaited().includes(address)) say(`${below(address)} (${problem})`);
    }
    setTimeout(lookForStalled, 1000);
  }
  new PerformanceObserver(() => {
    newest = performance.now();
  }).observe({ type: 'resource' });
  setTimeout(lookForStalled, patience);

  const below = (address) => decodeURIComponent(address.replace(root.href, '').replace(/\?.*/, ''));

  addEventListener(
    'error',
    ({ target, message, filename }) => {
      const address = target?.src ?? target?.href;
      if (target instanceof HTMLScriptElement || target?.rel === 'stylesheet') say(address ? below(address) : '');
      // For example the log-in page of a public network instead of a script.
      else if (target === window && !hasStarted()) say(filename ? `${below(filename)} (${message})` : message);
    },
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => {
    if (isPart(reason) || !hasStarted()) say((reason?.message ?? String(reason)).replaceAll(root.href, ''));
  });

  addEventListener('gradlab-not-opened', ({ detail: { text, missing } }) => {
    if (missing === undefined) showBar(text);
    else say(missing, true);
  });

  const { serviceWorker } = navigator;
  /** Whether the page has what it needs first: the laboratory reports it. */
  let isSettled = false;
  /** Why the whole site is to be kept: the reader `asked`, or `opened` a second notebook. Later pages go on with a download. */
  const wishKey = `gradlab keeps ${root.pathname}`;
  const wish = (why) => {
    try {
      if (why !== undefined) localStorage.setItem(wishKey, why);
      return localStorage.getItem(wishKey);
    } catch {
      return why;
    }
  };

  async function register(why = wish()) {
    // With reduced data usage, only what readers ask for.
    if (navigator.connection?.saveData && why !== 'asked') return;
    // A site that is kept follows new builds.
    if (!why && (await serviceWorker?.getRegistration(root.href)) === undefined) return;
    const how = { scope: root.pathname, updateViaCache: 'none' };
    const { installing } = (await serviceWorker?.register(new URL('offline.js', root), how)) ?? {};
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'redundant') notKept('a download failed');
    });
  }

  /** Where a service worker is refused, as in private windows, the site works as long as there is a network. */
  function notKept(problem) {
    console.info(String(problem));
    dispatchEvent(new CustomEvent('gradlab-not-kept', { detail: String(problem) }));
  }

  addEventListener('gradlab-opened', ({ detail }) => {
    if (detail.notebooks < 2 || wish()) return;
    wish('opened');
    if (isSettled) register('opened').catch(notKept);
  });
  addEventListener('gradlab-keep', () => register(wish('asked')).catch(notKept));

  const isLaboratory = document.currentScript.dataset.waits === 'true';
  let timeout;
  const settle = () => {
    clearTimeout(timeout);
    if (!hasStarted()) return;
    isSettled = true;
    try {
      sessionStorage.removeItem(triesKey);
    } catch {
      // forbidden: there is none
    }
    register().catch(notKept);
  };
  addEventListener('load', () => {
    timeout = setTimeout(settle, isLaboratory ? 30_000 : 2_000);
  });
  addEventListener('gradlab-settled', settle, { once: true });
})();
