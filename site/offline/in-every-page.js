// In the head of every page of the site: says when a part of the page could not be downloaded, and tries again; registers the
// service worker, by which the site works offline from then on. offline/index.mjs fills in the function of download.mjs.
(() => {
  const root = new URL(document.currentScript.dataset.root, document.baseURI);

  /** Seconds until a page that could not start is loaded anew, by the number of tries before. */
  const pauses = [2, 5, 15];
  const triesKey = `gradlab tries ${location.pathname}`;
  // Storage can be forbidden; then nothing is tried by itself.
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

  /** Says that a part of the page is missing, and loads a page anew that cannot do without it. */
  function say(problem, isNeeded = !hasStarted()) {
    if (document.body === null) {
      document.addEventListener('DOMContentLoaded', () => say(problem), { once: true });
      return;
    }
    const text = showBar(`A part of this page could not be downloaded${problem && `: ${problem}`}.`);
    if (isNeeded) tryLater(text);
  }

  /** A line at the foot of the page, and a button that loads the page anew. @returns the line */
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
      button.style.cssText = 'font:inherit;padding:4px 12px;cursor:pointer';
      button.onclick = () => location.reload();
      bar.append(document.createElement('span'), button);
      document.body.append(bar);
    }
    bar.firstChild.textContent = text;
    return bar.firstChild;
  }

  /** A page that has not started, or has not what its address names, is loaded anew by itself, a few times. */
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

  /** One that stalls is tried beside the page: if it can be had, the page finds it in the browser's cache. */
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
      // Such as a page of a public network's log-in in place of a script.
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

  function register() {
    try {
      sessionStorage.removeItem(triesKey);
      // Whoever asks for little data gets only what the pages load themselves.
      if (navigator.connection?.saveData) return;
      const how = { scope: root.pathname, updateViaCache: 'none' };
      // Where it is refused, as in private windows, the site works as long as there is a network.
      navigator.serviceWorker?.register(new URL('offline.js', root), how).catch((error) => console.info(String(error)));
    } catch (error) {
      console.info(String(error));
    }
  }

  // What the page itself needs comes first: the laboratory says when it has it.
  const isLaboratory = document.currentScript.dataset.waits === 'true';
  let timeout;
  const registerOnce = () => {
    clearTimeout(timeout);
    if (hasStarted()) register();
  };
  addEventListener('load', () => {
    timeout = setTimeout(registerOnce, isLaboratory ? 30_000 : 2_000);
  });
  addEventListener('gradlab-settled', registerOnce, { once: true });
})();
