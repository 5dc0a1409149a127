import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../kernel-setup/figures/chromium.mjs';
import { openFigurePage } from '../../kernel-setup/figures/draw.mjs';
import { describeInChromium } from '../support/browsers';
import { smallSurface } from '../support/figures';

describe('finding Chromium', () => {
  it('uses the one named by CHROMIUM, and rejects one that does not work', () => {
    expect(findChromium({ CHROMIUM: process.execPath })).toBe(process.execPath);
    expect(() => findChromium({ CHROMIUM: '/nowhere/chrome', PATH: process.env.PATH })).toThrow(
      'CHROMIUM is set to /nowhere/chrome, which cannot be executed',
    );
  });

  it('uses the first on PATH, by preference of the name', () => {
    const folders = ['a', 'b'].map((name) => fs.mkdtempSync(path.join(os.tmpdir(), `gradlab-${name}-`)));
    const [first, second] = folders as [string, string];
    fs.writeFileSync(path.join(first, 'google-chrome'), '', { mode: 0o755 });
    fs.writeFileSync(path.join(second, 'chromium'), '', { mode: 0o755 });
    fs.writeFileSync(path.join(first, 'chromium'), '', { mode: 0o644 }); // not executable
    const PATH = folders.join(path.delimiter);
    if (process.platform !== 'win32') expect(findChromium({ PATH }, 'linux')).toBe(path.join(second, 'chromium'));
    expect(findChromium({ PATH: os.tmpdir() }, 'linux')).toBeUndefined();
    for (const folder of folders) fs.rmSync(folder, { recursive: true });
  });
});

describeInChromium('drawing figures', () => {
  let page: Awaited<ReturnType<typeof openFigurePage>>;
  beforeAll(async () => {
    page = await openFigurePage();
  }, 60_000);
  afterAll(() => page?.close(), 60_000);

  /** Width and height in a PNG's header. */
  const sizeOf = (base64: string) => {
    const png = Buffer.from(base64, 'base64');
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    return [png.readUInt32BE(16), png.readUInt32BE(20)];
  };
  const line = (layout: object = {}) => ({ data: [{ x: [1, 2, 3], y: [2, 1, 3] }], layout });

  it('draws an SVG drawing as PNG at its own size, on white', async () => {
    const svg = (inside: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="30pt" viewBox="0 0 90 30">${inside}</svg>`;
    const [empty, box] = await Promise.all(
      ['', '<rect width="40" height="30" fill="#0a0"/>'].map((inside) => page.draw({ svg: svg(inside) })),
    );
    expect(sizeOf(empty!)).toEqual([120, 40]);
    expect(sizeOf(box!)).toEqual([120, 40]);
    expect(box).not.toBe(empty);
    await expect(page.draw({ svg: '<svg' })).rejects.toThrow();
  });

  it('draws PNG of 700 x 450, or of the size in the layout', async () => {
    expect(sizeOf(await page.draw(line()))).toEqual([700, 450]);
    expect(sizeOf(await page.draw(line({ width: 300, height: 200 })))).toEqual([300, 200]);
    expect(sizeOf(await page.draw(line({ height: 600 })))).toEqual([700, 600]);
  }, 60_000);

  it('draws a surface, and the same figure to the same bytes', async () => {
    const [first, second, other] = await Promise.all([
      page.draw(smallSurface),
      page.draw(smallSurface),
      page.draw(line()),
    ]);
    expect(sizeOf(first)).toEqual([700, 450]);
    expect(first).toBe(second);
    expect(first).not.toBe(other);
  }, 60_000);

  it('rejects a blank figure: no trace, no data, a transparent surface', async () => {
    const clear = { data: [{ ...smallSurface.data[0], opacity: 0, showscale: false }], layout: {} };
    for (const blank of [{ data: [], layout: {} }, { data: [{ x: [1, 2], y: [null, null] }], layout: {} }, clear]) {
      await expect(page.draw(blank)).rejects.toThrow(/^the figure is blank: 0\.000 % of its middle has colour/);
    }
    expect(sizeOf(await page.draw(line()))).toEqual([700, 450]); // and continues
  }, 60_000);

  it('accepts a single dot as a figure', async () => {
    const dot = (color: string) => ({
      data: [{ x: [1], y: [1], mode: 'markers', marker: { color } }],
      layout: { width: 1112 },
    });
    expect(sizeOf(await page.draw(dot('#0072B2')))).toEqual([1112, 450]);
    await expect(page.draw(dot('#777'))).rejects.toThrow('the figure is blank');
  }, 60_000);

  it('accepts a figure without colour if it is declared grey', async () => {
    const grey = { data: [{ x: [1, 2], y: [1, 2], line: { color: '#777' } }], layout: {} };
    await expect(page.draw(grey)).rejects.toThrow(/blank.*layout\.meta\.colourless: true/);
    expect(sizeOf(await page.draw({ ...grey, layout: { meta: { colourless: true } } }))).toEqual([700, 450]);
  }, 60_000);

  it('sends no network requests', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.png`;
    expect((await fetch(source)).status).toBe(200);
    await page.draw(line({ images: [{ source, xref: 'paper', yref: 'paper', sizex: 1, sizey: 1 }] }));
    server.close();
    expect(requests).toBe(1);
  }, 60_000);

  it('names attributes that plotly does not know', async () => {
    expect(await page.validate(line({ title: { text: 'fine' } }))).toEqual([]);
    const steps = [{ method: 'restyle', args: [{ visible: [true] }, [0]], label: 'a' }];
    steps.push({ ...steps[0]!, label: 'b' });
    expect(await page.validate(line({ sliders: [{ steps }] }))).toEqual([]);
    const wrong = { data: [{ type: 'scatter', y: [1, 2], colour: 'red' }], layout: { titel: 'x' } };
    const findings = (await page.validate(wrong)).join('\n');
    expect(findings).toMatch(/colour/);
    expect(findings).toMatch(/titel/);
  });
});
