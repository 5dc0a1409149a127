// The static site as tests have it: built by the command that a user runs, served, and looked at in a browser of its own.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { type Browser, chromium } from '../support/browsers';
import { serveFiles } from '../support/static-server.mjs';

/** A folder for a site and for the browser's profile. */
export const scratchSite = () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-site-'));
  return { folder, site: path.join(folder, 'site') };
};

/** Builds the site, without the values of sliders. @param args further ones of `npm run site` */
export function buildSite(site: string, ...args: string[]): void {
  const command = ['kernel-setup/site.mjs', site, '--no-sliders', ...args];
  execFileSync(process.execPath, command, { cwd: paths.root, stdio: 'pipe' });
}

/** A site that is served, and a browser that has seen nothing of it. */
export interface Visit {
  address: string;
  context: BrowserContext;
  /** Closes all pages and serves the site at a new address, for which the browser has kept nothing. @returns that address */
  anew(): Promise<string>;
  /** What was asked of any other server. */
  elsewhere: string[];
  /** Ends the server, at once. */
  endServer(): void;
  /** Ends server and browser. */
  close(): Promise<void>;
}

/** Serves a site, and starts a browser with its profile in `folder`. */
export async function visitSite(site: string, folder: string, browser: Browser = chromium): Promise<Visit> {
  let { server, address } = await serveFiles(site);
  const context = await browser.launch({ folder });
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(new URL(address).origin) && !/^(blob|data):/.test(url)) elsewhere.push(url);
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
    return address;
  };
  const close = async () => {
    await context.close();
    endServer();
  };
  return { address, context, anew, elsewhere, endServer, close };
}
