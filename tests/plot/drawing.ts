/** Draws figures with the real plotly.js in headless Chromium, offline. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Figure } from '../../src/plot';

/** What a drawn figure is judged by. */
export interface Drawing {
  png: Buffer;
  /** Share of coloured pixels in the middle; axes, grid and text are grey. Blank figures have less than 0.001. */
  coloured: number;
  /** Plotly's complaints about attributes it does not know or values it does not take. */
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

/** Opens a page with plotly.js; undefined where there is no Chromium. */
export async function openEasel(): Promise<Easel | undefined> {
  const { findChromium, launchChromium } = await import('../../kernel-setup/figures/chromium.mjs');
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
    // Free-form arguments of slider steps are compared by identity: each is reported as reset to itself.
    return found.map(({ msg }) => msg).filter((msg) => !/sliders\[\d+\]\.steps\[\d+\]\.args/.test(msg));
  }, figure.toJSON());
  await page.waitForTimeout(300);
  const png = await page.locator('#figure').screenshot();
  return { png, coloured: await colouredShare(page, png), complaints };
}

/** Share of pixels with a clear colour in the inner 70 % of a picture. */
export async function colouredShare(page: Page, png: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const scope = globalThis as unknown as {
      createImageBitmap(blob: Blob): Promise<{ width: number; height: number }>;
      OffscreenCanvas: new (width: number, height: number) => { getContext(kind: '2d'): CanvasLike };
    };
    interface CanvasLike {
      drawImage(image: unknown, x: number, y: number): void;
      getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
    }
    const image = await scope.createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new scope.OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const [x, y] = [Math.round(image.width * 0.15), Math.round(image.height * 0.15)];
    const { data } = canvas.getImageData(x, y, image.width - 2 * x, image.height - 2 * y);
    let coloured = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
      if (Math.max(r, g, b) - Math.min(r, g, b) > 40) coloured++;
    }
    return coloured / (data.length / 4);
  }, png.toString('base64'));
}
