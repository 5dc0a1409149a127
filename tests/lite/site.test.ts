// The laboratory as a static site: notebooks run in it as they do in Node, and nothing is asked of any other server.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import type { Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../kernel-setup/figures/chromium.mjs';
import { pageOf } from '../../kernel-setup/lite/pages/addresses.mjs';
import { findClaims, judgeClaims, readClaimsList } from '../../kernel-setup/runner/claims.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { describeInChromium } from '../support/browsers';
import { notebooksInPart } from '../support/part';
import { serve } from './kernel-page';
import { openNotebook, runAll, whenIdle } from './laboratory';

/** One of which all is known, and where it is asked for the commit's part; what needs Fashion-MNIST's files takes them along. */
const always = '002-gradient-descent/01-which-way-is-downhill.ipynb';
const notebooks = [...new Set([always, ...notebooksInPart()])];
const pictures = '/usr/share/datasets/fashion-mnist';

describeInChromium('the static laboratory', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-site-'));
  let server: Server;
  let address: string;
  let context: Awaited<ReturnType<typeof launchChromium>>;
  const elsewhere: string[] = [];

  beforeAll(async () => {
    const site = path.join(folder, 'site');
    const data = fs.existsSync(pictures) ? ['--fashion-mnist', pictures] : [];
    execFileSync(process.execPath, ['kernel-setup/site.mjs', site, '--no-sliders', ...data], {
      cwd: paths.root,
      stdio: 'pipe',
    });
    ({ server, address } = await serve(site, false));
    context = await launchChromium({ folder });
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(new URL(address).origin) && !/^(blob|data):/.test(url)) elsewhere.push(url);
    });
  });
  afterAll(async () => {
    await context?.close();
    server?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test.each(notebooks)('%s: no error, and its claims with their verdicts', async (name) => {
    const page = await openNotebook(context, address, name);
    const notebook = await runAll(page);
    await page.close();
    const errors = notebook.cells
      .flatMap((cell) => cell.outputs ?? [])
      .filter((output) => output.output_type === 'error');
    expect(errors.map(({ evalue }) => evalue)).toEqual([]);
    const { entries } = readClaimsList(path.join(paths.notebooks, 'claims.json'));
    const ofNotebook = entries.filter((entry: { notebook?: string }) => entry.notebook === name);
    expect(judgeClaims(findClaims(notebook), ofNotebook, name)).toEqual([]);
    expect(findClaims(notebook).length).toBe(ofNotebook.length);
  });

  test('the plain page of a notebook opens it in the laboratory', async () => {
    const page = await context.newPage();
    await page.goto(address + pageOf(always));
    await page.locator('.figure[data-alive]').first().waitFor();
    await page.getByRole('link', { name: 'Open in the laboratory' }).first().click();
    await whenIdle(page, always);
    expect(await page.locator('.jp-Notebook h1').first().innerText()).toMatch(/^Which way is downhill\?/);
    await page.close();
  });

  test('nothing was asked of any other server', () => expect(elsewhere).toEqual([]));
});
