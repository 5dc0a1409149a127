// Threads in a page: if it is cross-origin isolated they compute the same bits, else it computes alone.
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../kernel-setup/figures/chromium.mjs';
import { bundleSources, inPages } from '../../kernel-setup/setup/bundle.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { describeInChromium } from '../support/browsers';

/** Writes the library as a script for a page, without its packages. */
async function writeScript(dir: string): Promise<void> {
  const output = { dir, format: 'iife', name: 'gradlab', globals: () => 'Object', codeSplitting: false };
  await bundleSources(paths, { gradlab: path.join(paths.sources, 'index.ts') }, output, [inPages(paths)]);
}

/** Runs in the page: compares a product on two threads with one alone; returns whether there was a second thread. */
async function compare(patience: number): Promise<{ isIsolated: boolean; isSame: boolean; tasks: number }> {
  const { rand, setNumThreads } = (globalThis as unknown as { gradlab: typeof import('../../src') }).gradlab;
  let tasks = 0;
  const { notify } = Atomics;
  Object.assign(Atomics, {
    notify: (place: Int32Array, at: number) => {
      tasks++;
      return notify(place, at);
    },
  });
  const [a, b] = [rand([230, 240]), rand([240, 250])];
  setNumThreads(1);
  const alone = a.matmul(b);
  setNumThreads(2);
  let isSame = true;
  for (const last = performance.now() + patience; tasks < 20 && performance.now() < last; ) {
    isSame &&= a.matmul(b).sub(alone).abs().max().item() === 0;
    // A page starts threads when its script pauses.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { isIsolated: crossOriginIsolated, isSame, tasks };
}

describeInChromium('threads in a page', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-page-'));
  let server: Server;
  let context: Awaited<ReturnType<typeof launchChromium>>;

  beforeAll(async () => {
    await writeScript(folder);
    const code = fs.readFileSync(path.join(folder, 'gradlab.js'));
    const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
    server = createServer(({ url }, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', ...(url === '/isolated' ? isolation : {}) });
      response.end(url === '/script' ? code : '<!doctype html><script src="/script"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    context = await launchChromium({ folder });
  });
  afterAll(async () => {
    await context?.close();
    server?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['isolated', 60_000],
    ['open', 200],
  ])('that is %s', async (name, patience) => {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`);
    const { isIsolated, isSame, tasks } = await page.evaluate(compare, patience);
    expect(isIsolated).toBe(name === 'isolated');
    expect(isSame).toBe(true);
    expect(tasks > 0).toBe(isIsolated);
  });
});
