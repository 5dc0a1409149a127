// Parts of the kernel in a page that fail to load: retried automatically, reported in words, and loaded by the next
// cell.
import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bundleKernel } from '../../kernel-setup/kernel-in-page/bundle-kernel.mjs';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { browsers, describeIn } from '../support/browsers';
import { serveFiles } from '../support/static-server.mjs';
import { type InPage, takeStartHost } from './kernel-page';

type Failure = (response: ServerResponse) => void;

const failures: Record<string, Failure> = {
  'an error of the server': (response) => response.writeHead(503).end(),
  'a broken connection': (response) => response.destroy(),
  'half of the file': (response) => {
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Length': '5000' });
    response.write('export const x = ');
    setTimeout(() => response.destroy(), 20);
  },
  'half of the file, and then nothing': (response) => {
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Length': '5000' });
    response.write('export const x = ');
  },
  "a public network's own page": (response) =>
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'max-age=600' }).end('<p>Log in</p>'),
};

/** Milliseconds that a file may stall; a slow machine needs as long to start a worker. */
const patience = 4000;

interface Outcome {
  status: string;
  result?: string;
  evalue?: string;
}

describeIn(browsers, 'a kernel of which parts do not arrive', (browser) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-downloads-'));
  let context: BrowserContext;
  let page: Page;
  let broken: (name: string, response: ServerResponse) => boolean;

  beforeAll(async () => {
    await buildIfStale(paths);
    await bundleKernel(paths, path.join(folder, 'kernel'), { patience });
    context = await browser.launch({ folder });
  });
  afterAll(async () => {
    await context?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    broken = () => false;
    // Every test has its own address, for which the browser has no cache.
    const served = await serveFiles(path.join(folder, 'kernel'), {
      packed: true,
      broken: (name, response) => broken(name, response),
    });
    page = await context.newPage();
    await page.goto(served.address);
    await takeStartHost(page);
    return async () => {
      await page.close();
      served.server.close();
      served.server.closeAllConnections();
    };
  });

  /** Starts the host; rejects as its promise does. */
  const start = () =>
    page.evaluate(async () => {
      const { startHost } = globalThis as never as InPage;
      const host = startHost({ folder: '/drive/notebooks/note', data: `${location.href}data` });
      const heard: unknown[] = [];
      host.listen((message) => heard.push(message));
      Object.assign(globalThis, { host, heard });
      await host.ready.catch((error) => {
        throw new Error(error.message);
      });
    });

  const run = (code: string): Promise<Outcome> =>
    page.evaluate(async (text) => {
      // biome-ignore lint/suspicious/noExplicitAny: messages of any type
      const { host, heard } = globalThis as never as { host: ReturnType<InPage['startHost']>; heard: any[] };
      const id = crypto.randomUUID();
      const header = { msg_id: id, msg_type: 'execute_request', session: 's', username: '', date: '', version: '5.4' };
      const content = { code: text, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
      host.post({ channel: 'shell', header, parent_header: {}, metadata: {}, content, buffers: [] });
      const of = (type: string) => heard.find((m) => m.parent_header.msg_id === id && m.header.msg_type === type);
      const isIdle = () => heard.some((m) => m.parent_header.msg_id === id && m.content.execution_state === 'idle');
      while (!of('execute_reply') || !isIdle()) await new Promise((next) => setTimeout(next, 20));
      const { status, evalue } = of('execute_reply').content;
      return { status, evalue, result: of('execute_result')?.content.data['text/plain'] };
    }, code);

  test.each([
    ['host-worker.mjs', 'an error of the server'],
    ['compiler-worker.mjs', 'half of the file'],
    ['files.mjs', "a public network's own page"],
    ['declarations.json', "a public network's own page"],
    ['gradlab.mjs', 'half of the file'],
    ['host-worker.mjs', 'half of the file, and then nothing'],
    ['declarations.json', 'half of the file, and then nothing'],
  ])('%s: %s, at first, is retried automatically', async (part, how) => {
    let count = 0;
    broken = (name, response) => {
      if (name !== part || ++count > 2) return false;
      failures[how](response);
      return true;
    };
    await start();
    expect(await run('import { tensor } from "gradlab"; tensor([1, 2]).sum().item()')).toEqual({
      status: 'ok',
      result: '3',
    });
    expect(count).toBeGreaterThan(1);
  });

  test.each([
    ['declarations.json', "a public network's own page", /declarations\.json .* text\/html came in its place/],
    ['gradlab.mjs', 'a broken connection', /gradlab\.mjs could not be downloaded: (Failed to fetch|NetworkError)/],
    [
      'compiler-worker.mjs',
      'half of the file, and then nothing',
      /compiler-worker\.mjs .* no data arrived for 4 seconds/,
    ],
  ])('%s: %s, every time: the cell reports it, and a later one works', async (part, how, words) => {
    broken = (name, response) => {
      if (name !== part) return false;
      failures[how](response);
      return true;
    };
    await start();
    const { status, evalue } = await run('1 + 1');
    expect(status).toBe('error');
    expect(evalue).toMatch(words);
    expect(evalue).toMatch(/Run the cell again/);
    broken = () => false;
    expect(await run('1 + 1')).toEqual({ status: 'ok', result: '2' });
  });

  test('waits for a file that arrives slowly', async () => {
    let count = 0;
    broken = (name, response) => {
      if (name !== 'gradlab.mjs' || ++count > 1) return false;
      const bytes = fs.readFileSync(path.join(folder, 'kernel', name));
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Length': bytes.length });
      const parts = 8;
      const send = (i: number) => {
        response.write(bytes.subarray((i * bytes.length) / parts, ((i + 1) * bytes.length) / parts));
        if (i + 1 < parts) setTimeout(() => send(i + 1), patience / 5);
        else response.end();
      };
      send(0);
      return true;
    };
    await start();
    expect(await run('import { tensor } from "gradlab"; tensor([1, 2]).sum().item()')).toEqual({
      status: 'ok',
      result: '3',
    });
  });

  test('the host, every time: starting fails with its name, and another start works', async () => {
    broken = (name, response) => {
      if (name !== 'host-worker.mjs') return false;
      response.writeHead(404).end();
      return true;
    };
    await expect(start()).rejects.toThrow(/host-worker\.mjs could not be downloaded: the server answered 404/);
    broken = () => false;
    await start();
    expect(await run('1 + 1')).toEqual({ status: 'ok', result: '2' });
  });

  test.each(['an error of the server', 'half of the file', 'half of the file, and then nothing'])(
    'Graphviz: %s: what is drawn with it reports that, and works once it has loaded',
    async (how) => {
      broken = (name, response) => {
        if (!name.startsWith('viz')) return false;
        failures[how]!(response);
        return true;
      };
      await start();
      const code = 'import { tensor, graph } from "gradlab"; const x = tensor([1], { requiresGrad: true });';
      expect((await run(code)).status).toBe('ok');
      const { evalue } = await run('await graph(x.mul(2).sum())');
      expect(evalue).toMatch(/Graphviz could not be loaded: .*viz\.mjs.*run the cell again/);
      broken = () => false;
      expect((await run('await graph(x.mul(2).sum())')).result).toMatch(/^graph of y, 2 operations/);
    },
  );

  test.each([
    ['a broken connection', /rows\.csv could not be downloaded: (Failed to fetch|NetworkError)/],
    ['half of the file, and then nothing', /rows\.csv could not be downloaded: no data arrived for 4 seconds/],
  ])('data: %s: the cell reports it, and a later one works', async (how, words) => {
    fs.writeFileSync(path.join(folder, 'kernel', 'rows.csv'), '1,2');
    broken = (name, response) => {
      if (name !== 'rows.csv') return false;
      failures[how]!(response);
      return true;
    };
    await start();
    const code = `import { data } from "gradlab"; await data.readText("${new URL('rows.csv', page.url()).href}")`;
    expect((await run(code)).evalue).toMatch(words);
    broken = () => false;
    expect((await run(code)).result).toBe("'1,2'");
  });

  test("Fashion-MNIST's files that stall: the cell reports it, and may be run again", async () => {
    const asked: string[] = [];
    broken = (name, response) => {
      if (!/-ubyte\.gz$/.test(name)) return false;
      asked.push(name);
      response.writeHead(200, { 'Content-Type': 'application/gzip', 'Content-Length': '5000' });
      response.write('half');
      return true;
    };
    await start();
    const code = 'import { data } from "gradlab"; await data.fashionMnist({ split: "test" })';
    for (let i = 1; i <= 2; i++) {
      const { status, evalue } = await run(code);
      expect(status).toBe('error');
      expect(evalue).toMatch(/t10k-images.* after 4 of 5000 bytes: no data arrived for 4 seconds; run it again/);
      expect(asked.length).toBe(i);
    }
  });
});
