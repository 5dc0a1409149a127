/** Draws figures with the real plotly.js in headless Chromium, offline. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Figure } from '../../../src/lab/plot';
import { frames } from '../../support/held-clock';

/** Properties of a drawn figure. */
export interface Drawing {
  png: Buffer;
  /** Share of coloured pixels in the middle; axes, grid and text are grey. Blank figures have none. */
  coloured: number;
  /** Plotly's complaints about unknown attributes or invalid values. */
  complaints: string[];
}

/** A browser page in which figures are drawn. */
export interface Easel {
  page: Page;
  draw(figure: Figure): Promise<Drawing>;
  /** Errors of the page and requests to the network; there must be none. */
  troubles: string[];
  close(): Promise<void>;
}

interface PlotlyInPage {
  validate(data: unknown, layout: unknown): { msg: string }[] | undefined;
  newPlot(node: unknown, data: unknown, layout: unknown): Promise<unknown>;
  addFrames(node: unknown, frames: unknown): Promise<unknown>;
  purge(node: unknown): void;
}

/** Opens a page with plotly.js; undefined without Chromium. */
export async function openEasel(): Promise<Easel | undefined> {
  const { findChromium, launchChromium } = await import('../../../kernel-setup/figures/chromium.mjs');
  if (!findChromium()) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'gradlab-figures-'));
  const context = await launchChromium({ folder, viewport: { width: 800, height: 800 } });
  const page: Page = context.pages()[0] ?? (await context.newPage());
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  await page.route('**', (route) => {
    if (/^(data|blob|about):/.test(route.request().url())) return route.continue();
    troubles.push(`request to ${route.request().url()}`);
    return route.abort();
  });
  await page.setContent('<!doctype html><body style="margin:0"><div id="figure" style="width:760px"></div></body>');
  await page.addScriptTag({ path: createRequire(__filename).resolve('plotly.js-dist-min') });
  return {
    page,
    troubles,
    draw: (figure) => drawOn(page, figure),
    async close() {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function drawOn(page: Page, figure: Figure): Promise<Drawing> {
  const complaints = await page.evaluate(async ({ data, layout, frames }) => {
    const { Plotly } = globalThis as unknown as { Plotly: PlotlyInPage };
    const browser = globalThis as unknown as { document: { getElementById(id: string): unknown } };
    const node = browser.document.getElementById('figure');
    const copy = structuredClone({ data, layout });
    const found = Plotly.validate(copy.data, copy.layout) ?? [];
    Plotly.purge(node);
    await Plotly.newPlot(node, copy.data, copy.layout);
    if (frames) await Plotly.addFrames(node, frames);
    // `validate` does not know arrays encoded as bytes, which are drawn.
    const bytes = (msg: string) => /key (\w+) must be linked to an array container/.exec(msg)?.[1];
    const isBytes = (key: string | undefined) =>
      key !== undefined && data.some((trace) => typeof (trace[key] as { bdata?: unknown })?.bdata === 'string');
    // Free-form arguments of slider steps and buttons are compared by identity: each is reported as reset to itself.
    return found
      .map(({ msg }) => msg)
      .filter((msg) => !isBytes(bytes(msg)))
      .filter((msg) => !/(sliders\[\d+\]\.steps|updatemenus\[\d+\]\.buttons)\[\d+\]\.args/.test(msg));
  }, figure.toJSON());
  await frames(page);
  const png = await page.locator('#figure').screenshot();
  return { png, coloured: await colouredShare(page, png), complaints };
}

/** Share of coloured pixels in the middle of a picture; see kernel-setup/figures/colour.mjs. */
export async function colouredShare(page: Page, png: Buffer): Promise<number> {
  const { colourShare } = await import('../../../kernel-setup/figures/colour.mjs');
  return page.evaluate(colourShare, `data:image/png;base64,${png.toString('base64')}`);
}
