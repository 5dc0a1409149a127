// The static site for tests: built by the user's command, served, and opened in a separate browser.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { run } from '../../kernel-setup/setup/run.mjs';
import { RENDERER } from '../../site/pages/addresses.mjs';
import { type Browser, chromium } from '../support/browsers';
import { pictures } from '../support/fashion-mnist';
import { copyOnceMade } from '../support/once-in-run';
import { serveFiles } from '../support/static-server.mjs';

/** A folder for a site and for the browser's profile. */
export const scratchSite = () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-site-'));
  return { folder, site: path.join(folder, 'site') };
};

/**
 * Builds the site, without the values of sliders.
 * @param withPictures whether it includes Fashion-MNIST, if that is available
 */
export async function buildSite(site: string, withPictures = true): Promise<void> {
  const more = withPictures && fs.existsSync(pictures) ? ['--fashion-mnist', pictures] : [];
  const build = async (to: string) => {
    const { ok, output } = await run(process.execPath, ['scripts/site.mjs', to, '--no-sliders', ...more], {
      cwd: paths.root,
    });
    if (!ok) throw new Error(output);
  };
  await copyOnceMade(more.length > 0 ? 'site-with-pictures' : 'site', build, site);
}

/** Two notebooks with controls on their pages: the second has so many that each was moved separately. */
export const moving: readonly [string, string] = [
  '004-neural-networks/02-perceptron-and-multilayer-perceptron.ipynb',
  '004-neural-networks/12-adagrad-rmsprop-adam-and-the-race.ipynb',
];

/** Writes the pages that need no kernel, and the renderer of their figures. */
export async function buildPages(site: string): Promise<void> {
  const moves = (name: string) => moving.includes(name);
  const build = async (to: string) => {
    await setUp({ log: () => {} });
    const { writePages } = await import('../../site/pages/index.mjs');
    await writePages(paths, to, { env: process.env, log: () => {}, moves });
    const renderer = path.join(paths.labExtensions, 'gradlab-plotly', 'static');
    fs.cpSync(renderer, path.join(to, path.dirname(RENDERER)), { recursive: true });
  };
  await copyOnceMade('pages', build, site);
}

/** A served site, and a browser with an empty profile. */
export interface Visit {
  address: string;
  context: BrowserContext;
  /**
   * Closes all pages and serves the site at a new address, without any caches.
   * @returns that address
   */
  anew(): Promise<string>;
  /** Requests to other servers. */
  elsewhere: string[];
  /** Ends the server immediately. */
  endServer(): void;
  /** Ends server and browser. */
  close(): Promise<void>;
}

/** Serves a site, and starts a browser with its profile in `folder`. */
export async function visitSite(site: string, folder: string, browser: Browser = chromium): Promise<Visit> {
  let { server, address } = await serveFiles(site);
  const context = await browser.launch({ folder });
  // A service worker may still send requests to an earlier address of the site.
  const own = new Set([new URL(address).origin]);
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    // JupyterLab shows a text before it knows its attachments; such an address causes no request.
    if (!own.has(new URL(url).origin) && !/^(blob|data|attachment):/.test(url)) elsewhere.push(url);
  });
  const endServer = () => {
    server.close();
    server.closeAllConnections();
  };
  const anew = async () => {
    // The first page stays: without any the browser would end.
    for (const page of context.pages().slice(1)) await page.close();
    endServer();
    ({ server, address } = await serveFiles(site));
    own.add(new URL(address).origin);
    return address;
  };
  const close = async () => {
    await context.close();
    endServer();
  };
  return { address, context, anew, elsewhere, endServer, close };
}
