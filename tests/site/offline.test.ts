// The service worker of the site, and a page's messages about failed downloads, on a site of a few files.
import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { keepOffline } from '../../site/offline/index.mjs';
import { browsers, describeIn } from '../support/browsers';
import { serveFiles } from '../support/static-server.mjs';

type Answer = (name: string, response: ServerResponse) => boolean;

/** A build of a site in which every part shows its version. */
function build(folder: string, version: string): void {
  fs.rmSync(path.join(folder, 'static'), { recursive: true, force: true });
  const page = (up: string, body: string) =>
    `<!doctype html><html><head><meta charset="utf-8"><script src="${up}part.js"></script></head><body>${body}</body></html>`;
  const files: Record<string, string> = {
    'index.html': page('', `<main id="main">start ${version}</main>`),
    'pages/one.html': page('../', `<main id="main">one ${version}</main>`),
    // The laboratory starts by a script, as JupyterLite does.
    'lab/index.html': page(
      '../',
      `<script src="../starts.js"></script><script type="module">import('../module.mjs')</script>`,
    ),
    'starts.js': `addEventListener('load', () => { document.body.insertAdjacentHTML('beforeend', '<div id="main">lab ${version}</div>'); dispatchEvent(new Event('gradlab-settled')); });`,
    'module.mjs': 'export {};',
    'part.js': `globalThis.part = '${version}';`,
    'same.txt': 'of every build',
    // In a folder named after the build, as the kernel's files are.
    [`static/${version}/moved.txt`]: 'of every build, but elsewhere',
    [`static/${version}/worker.mjs`]: `export const version = '${version}';`,
    'data/train-images-idx3-ubyte.gz': 'large',
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  keepOffline(folder, { patience: 1000 });
}

describeIn(browsers, 'the site offline', (browser) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-offline-'));
  const site = path.join(folder, 'site');
  let context: BrowserContext;
  let served: Awaited<ReturnType<typeof serveFiles>>;
  let broken: Answer | undefined;
  const sent: string[] = [];

  beforeAll(async () => {
    context = await browser.launch({ folder });
  });
  afterAll(async () => {
    await context?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    build(site, 'A');
    sent.length = 0;
    broken = undefined;
    // Every test has its own address, and so its own service worker and caches.
    served = await serveFiles(site, {
      packed: true,
      onSent: ({ name }) => sent.push(name),
      broken: (name, response) => broken?.(name, response) ?? false,
    });
  });
  afterEach(async () => {
    for (const page of context.pages()) await page.close();
    served.server.closeAllConnections();
    served.server.close();
  });

  const isIsolated = (page: Page) => page.evaluate(() => globalThis.crossOriginIsolated);
  const open = async (name: string) => {
    const page = await context.newPage();
    await page.goto(`${served.address}${name}`);
    return page;
  };
  const stop = () => {
    served.server.close();
    served.server.closeAllConnections();
  };
  const seen = (page: Page) =>
    page.evaluate(
      () => `${document.getElementById('main')?.textContent} with ${(globalThis as { part?: string }).part}`,
    );
  /** Asks for the whole site, as the button of the start page does, and waits until it is kept. */
  const registered = (page: Page) =>
    page.evaluate(() => {
      dispatchEvent(new Event('gradlab-keep'));
      return navigator.serviceWorker.ready.then(() => true);
    });
  const openNotebooks = (page: Page, notebooks: number) =>
    page.evaluate((n) => dispatchEvent(new CustomEvent('gradlab-opened', { detail: { notebooks: n } })), notebooks);
  const registrations = (page: Page) =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  const keys = (page: Page) =>
    page.evaluate(async () => {
      const [name, ...others] = await caches.keys();
      const requests = await (await caches.open(name!)).keys();
      return {
        others,
        names: requests.map(({ url }) => new URL(url).pathname.replace(/^\/some\/folder\//, '')).sort(),
      };
    });
  /** Resolves when a newer worker is installed. */
  const updated = (page: Page) =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
      const worker = registration.installing;
      if (worker)
        await new Promise<void>((resolve) => {
          worker.onstatechange = () => worker.state !== 'installing' && resolve();
        });
      return registration.waiting !== null;
    });

  test('a visit fetches what the page needs and nothing else, also of a first notebook and of the laboratory', async () => {
    for (const [name, parts] of [
      ['index.html', ['part.js']],
      ['pages/one.html', []],
      ['lab/index.html', ['starts.js', 'module.mjs']],
    ] as const) {
      const before = sent.length;
      const page = await open(name);
      await openNotebooks(page, 1);
      await page.waitForTimeout(4000); // a plain page is settled two seconds after it has loaded
      expect(sent.slice(before).filter((one) => !one.endsWith('favicon.ico'))).toEqual([name, ...parts]);
      expect(await registrations(page)).toBe(0);
      await page.close();
    }
  });

  test('with the second notebook the whole site is kept, after the page has what it needs', async () => {
    const page = await open('pages/one.html');
    await openNotebooks(page, 2);
    expect(await registrations(page)).toBe(0);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    expect(sent).toContain('same.txt');
  });

  test('a download that the reader asked for begins at once, tells how far it is, and goes on at the next page', async () => {
    broken = (name, response) => {
      if (name !== 'same.txt') return false;
      response.writeHead(500).end();
      return true;
    };
    const page = await open('index.html');
    const told = await page.evaluate(
      () =>
        new Promise<(number | string)[]>((resolve) => {
          const all: (number | string)[] = [];
          navigator.serviceWorker.addEventListener('message', ({ data }) => all.push(data.percent));
          navigator.serviceWorker.startMessages();
          addEventListener('gradlab-not-kept', (event) => resolve([...all, (event as CustomEvent).detail]));
          dispatchEvent(new Event('gradlab-keep'));
        }),
    );
    expect(told.at(-1)).toBe('a download failed');
    const shares = told.slice(0, -1) as number[];
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    broken = undefined;
    await page.close();
    const next = await open('pages/one.html');
    await next.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    stop();
    expect(await seen(await open('index.html'))).toBe('start A with A');
  });

  test('each page knows the size of the download', async () => {
    const page = await open('index.html');
    expect(await page.locator('script[data-size]').getAttribute('data-size')).toBe('0.1');
  });

  test('kept from one page, all pages are there without a server, but not what is large', async () => {
    const page = await open('');
    await registered(page);
    expect(sent).toContain('same.txt');
    // At their own addresses, for which a browser also caches compiled scripts.
    expect((await keys(page)).names).toEqual(
      expect.arrayContaining(['part.js', 'lab/index.html', 'static/A/worker.mjs']),
    );
    expect(sent).not.toContain('data/train-images-idx3-ubyte.gz');
    await page.close();
    stop();
    expect(await seen(await open('index.html?any=1#place'))).toBe('start A with A');
    expect(await seen(await open(''))).toBe('start A with A');
    expect(await seen(await open('pages/one.html'))).toBe('one A with A');
    const lab = await open('lab/');
    expect(await seen(lab)).toBe('lab A with A');
    expect(await lab.locator('#gradlab-download').count()).toBe(0);
  });

  test('a new build is used as a whole, at the next visit or when the only page is reloaded; the old one is deleted', async () => {
    const page = await open('index.html');
    await registered(page);
    await page.reload();
    const before = sent.length;
    build(site, 'B');
    const second = await open('pages/one.html');
    expect(await updated(page)).toBe(true);
    // Two pages are open: both keep their build.
    await page.reload();
    expect(await seen(page)).toBe('start A with A');
    await second.goto(`${served.address}lab/index.html`);
    expect(await seen(second)).toBe('lab A with A');
    await second.close();
    await page.reload();
    await page.waitForFunction(() => (globalThis as { part?: string }).part === 'B');
    expect(await seen(page)).toBe('start B with B');
    const { names, others } = await keys(page);
    expect(names.length).toBe(new Set(names).size);
    expect(others).toEqual([]);
    // Files that are the same in both builds were not fetched again.
    expect(sent.slice(before)).not.toContain('same.txt');
    expect(sent.slice(before)).not.toContain('static/B/moved.txt');
    stop();
    expect(await seen(await open('pages/one.html'))).toBe('one B with B');
  });

  test('a page that is open while a new build is published gets the parts of its own build, which the server no longer has', async () => {
    // The browser's own cache would also have them for a while.
    broken = (name, response) => {
      const file = path.join(site, name);
      if (!name.startsWith('static/') || !fs.existsSync(file)) return false;
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-store' });
      response.end(fs.readFileSync(file));
      return true;
    };
    const page = await open('index.html');
    await registered(page);
    await page.reload();
    build(site, 'B');
    expect(await updated(page)).toBe(true);
    const versionOf = (build: string) =>
      page.evaluate(
        `import(new URL('static/${build}/worker.mjs', document.baseURI).href).then(({ version }) => version)`,
      );
    expect(await versionOf('A')).toBe('A');
    await page.reload();
    await page.waitForFunction(() => (globalThis as { part?: string }).part === 'B');
    expect(await versionOf('B')).toBe('B');
    await expect(versionOf('A')).rejects.toThrow(/dynamically imported module/);
  });

  test('a download that stalls is aborted, and the next visit continues with it', async () => {
    const stalled: ServerResponse[] = [];
    broken = (name, response) => {
      if (name !== 'same.txt') return false;
      response.writeHead(200, { 'Content-Length': '14' });
      response.write('of every');
      stalled.push(response);
      return true;
    };
    const page = await open('index.html');
    await page.evaluate(() => dispatchEvent(new Event('gradlab-keep')));
    await expect.poll(() => stalled.length).toBe(1);
    await expect.poll(() => stalled[0]!.destroyed).toBe(true);
    broken = undefined;
    await page.reload();
    await registered(page);
    stop();
    expect(await seen(await open('pages/one.html'))).toBe('one A with A');
  });

  test('a build with a file of another build is rejected until it is consistent', async () => {
    const page = await open('index.html');
    await registered(page);
    await page.reload();
    build(site, 'B');
    broken = (name, response) => {
      if (name !== 'part.js') return false;
      response.end("globalThis.part = 'A';"); // as a server between two builds does
      return true;
    };
    expect(await updated(page)).toBe(false);
    await page.reload();
    expect(await seen(page)).toBe('start A with A');
    broken = undefined;
    expect(await updated(page)).toBe(true);
    await page.close();
    const next = await open('index.html');
    await next.waitForFunction(() => (globalThis as { part?: string }).part === 'B');
    expect(await seen(next)).toBe('start B with B');
  });

  test("a copy in the browser's cache that is older than the build is fetched again", async () => {
    const page = await open('index.html'); // part.js A is cached for ten minutes
    build(site, 'B');
    await registered(page);
    await page.reload();
    expect(await seen(page)).toBe('start B with B');
  });

  test('pages that a server allows to share memory still may when they come from the cache', async () => {
    const isolated = await serveFiles(site, { isolated: true });
    const page = await context.newPage();
    await page.goto(isolated.address);
    await registered(page);
    isolated.server.close();
    isolated.server.closeAllConnections();
    await page.reload();
    expect(await isIsolated(page)).toBe(true);
    expect(await isIsolated(await open('index.html'))).toBe(false);
  });

  test('if service workers are blocked, the site works while there is a network', async () => {
    let asked = 0;
    broken = (name, response) => {
      if (name !== 'offline.js') return false;
      asked++;
      response.writeHead(500).end();
      return true;
    };
    const page = await open('lab/index.html');
    await openNotebooks(page, 2);
    await expect.poll(() => asked).toBeGreaterThan(0);
    expect(await registrations(page)).toBe(0);
    await page.reload();
    expect(await seen(page)).toBe('lab A with A');
    expect(await page.locator('#gradlab-download').count()).toBe(0);
  });

  test('the error of a page that has not started is shown verbatim', async () => {
    const message = '20 % of what? Of all';
    broken = (name, response) => {
      if (name !== 'starts.js') return false;
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(`Promise.reject(new Error('${message}'))`);
      return true;
    };
    const bar = (await open('lab/index.html')).locator('#gradlab-download');
    await bar.waitFor();
    expect(await bar.textContent()).toContain(`: ${message}.`);
  });

  test.each([
    ['an error', 'starts.js', (r: ServerResponse) => r.writeHead(500).end()],
    ['a broken connection', 'starts.js', (r: ServerResponse) => r.destroy()],
    ['half of a file', 'starts.js', half],
    ['half of a file, and then nothing', 'starts.js', stalling],
    [
      "a public network's own page",
      'starts.js',
      (r: ServerResponse) => r.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Log in</p>'),
    ],
    ['an error for a module', 'module.mjs', (r: ServerResponse) => r.writeHead(404).end()],
  ])(
    '%s instead of a part is reported with its name, and a page that could not start is reloaded',
    async (_, part, answer) => {
      let failing = true;
      broken = (name, response) => {
        if (name !== part || !failing) return false;
        answer(response);
        return true;
      };
      const page = await context.newPage();
      await page.goto(`${served.address}lab/index.html`, { waitUntil: 'commit' });
      const bar = page.locator('#gradlab-download');
      await bar.waitFor();
      expect(await bar.textContent()).toMatch(new RegExp(`could not be downloaded: .*${part.replace('.', '\\.')}`));
      expect(await bar.getAttribute('role')).toBe('alert');
      if (part === 'starts.js') {
        const says = (text: string) =>
          page.waitForFunction((t) => document.getElementById('gradlab-download')?.textContent?.includes(t), text);
        await says('Trying again in 2 seconds');
        await says('Trying again in 5 seconds');
      }
      failing = false;
      await bar.getByRole('button', { name: 'Try again' }).click();
      await page.waitForFunction(() => document.getElementById('main') !== null);
      expect(await seen(page)).toBe('lab A with A');
      expect(await bar.count()).toBe(0);
    },
  );
});

function stalling(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Length': '500' });
  response.write('addEventListener("load", ');
}

function half(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Length': '500' });
  response.write('addEventListener("load", ');
  setTimeout(() => response.destroy(), 50);
}
