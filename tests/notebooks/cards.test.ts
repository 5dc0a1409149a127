// Cards in chapters, which link to questions.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notebookPage } from '../../site/pages/notebook-page.mjs';
import { boxFilter, smaller, withCards } from '../../tools/notebooks/cards.mjs';

interface Png {
  width: number;
  height: number;
}
const UPNG: {
  decode(file: ArrayBuffer): Png;
  encode(frames: ArrayBuffer[], width: number, height: number, colours: number): ArrayBuffer;
  toRGBA8(png: Png): ArrayBuffer[];
} = createRequire(__filename)('upng-js');

/** A PNG whose left half is red and whose right half is transparent. */
function halves(width: number, height: number): string {
  const pixels = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) if (i % width < width / 2) pixels.set([255, 0, 0, 255], 4 * i);
  return Buffer.from(UPNG.encode([pixels.buffer], width, height, 0)).toString('base64');
}
function pixelsOf(png: string) {
  const picture = UPNG.decode(new Uint8Array(Buffer.from(png, 'base64')).buffer);
  return { ...picture, pixels: new Uint8Array(UPNG.toRGBA8(picture)[0]!) };
}

describe('a picture', () => {
  it('is resized by area averaging', () => {
    const grey = (...values: number[]) => new Uint8Array(values.flatMap((value) => [value, value, value, 255]));
    const scaled = (values: number[], from: number, to: number) =>
      [...boxFilter(grey(...values), { width: from, height: 1 }, { width: to, height: 1 })].filter(
        (_, i) => i % 4 === 0,
      );
    expect(scaled([0, 100, 200, 40], 4, 2)).toEqual([50, 120]);
    // The middle pixel of three belongs to both halves.
    expect(scaled([30, 90, 150], 3, 2)).toEqual([(30 + 90 / 2) / 1.5, (90 / 2 + 150) / 1.5]);
    expect([...boxFilter(grey(10, 20, 30, 40), { width: 2, height: 2 }, { width: 1, height: 1 })]).toEqual([
      25, 25, 25, 255,
    ]);
  });

  it('is 240 px wide at most, keeps its aspect ratio, and has a white background', () => {
    const { width, height, pixels } = pixelsOf(smaller(halves(700, 450)));
    expect([width, height]).toEqual([240, 154]);
    expect([...pixels.slice(0, 4)]).toEqual([255, 0, 0, 255]);
    expect([...pixels.slice(4 * 239, 4 * 240)]).toEqual([255, 255, 255, 255]);
    expect(pixelsOf(smaller(halves(100, 50))).width).toBe(100);
  });
});

describe('a card', () => {
  let root: string;
  const note = { number: '004', folder: '004-nets' };
  const entryFor = (file: string, title: string, state = 'ready') => ({ path: `004-nets/${file}`, title, state, note });
  const entry = entryFor('03-activations.ipynb', 'Activation functions');
  const map = {
    entries: [
      entry,
      entryFor('q-why-centred.ipynb', 'Why "centred"?'),
      entryFor('q-centred.ipynb', 'Centred?'),
      entryFor('q-later.ipynb', 'What comes later?', 'planned'),
    ],
  };
  const cardsOf = (...slugs: string[]) =>
    withCards(
      { cells: slugs.map((slug) => ({ cell_type: 'markdown', id: `card-${slug}`, metadata: {}, source: '…' })) },
      { root, map, entry },
    ).cells;
  beforeAll(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-cards-'));
    fs.mkdirSync(path.join(root, note.folder));
    const data = { 'application/vnd.plotly.v1+json': { data: [] }, 'image/png': halves(480, 240) };
    const cell = { cell_type: 'code', id: 'a', metadata: {}, source: '1;', execution_count: 1 };
    const notebook = (outputs: object[]) =>
      JSON.stringify({ cells: [{ ...cell, outputs }], metadata: {}, nbformat: 4, nbformat_minor: 5 });
    fs.writeFileSync(
      path.join(root, note.folder, 'q-why-centred.ipynb'),
      notebook([{ output_type: 'display_data', metadata: {}, data }]),
    );
    fs.writeFileSync(path.join(root, note.folder, 'q-centred.ipynb'), notebook([]));
  });
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

  it('has title, link and first figure of its question, if they exist', () => {
    const [first, second, third] = cardsOf('why-centred', 'centred', 'later');
    expect(first.source).toBe(
      '<table><tr><td>\n\n[<img src="attachment:why-centred.png" width="200" alt="The first figure of Why &quot;centred&quot;?">](q-why-centred.ipynb)\n\n' +
        '</td><td>\n\nQuestion<br>**[Why "centred"?](q-why-centred.ipynb)**\n\n</td></tr></table>',
    );
    expect(pixelsOf(first.attachments['why-centred.png']['image/png'])).toMatchObject({ width: 240, height: 120 });
    expect(second.source).toBe('<table><tr><td>\n\nQuestion<br>**[Centred?](q-centred.ipynb)**\n\n</td></tr></table>');
    expect('attachments' in second).toBe(false);
    expect(third.source).toBe('Question, planned: **What comes later?**');
    expect(() => cardsOf('lost')).toThrow(
      '004-nets/03-activations.ipynb: the card card-lost names no notebook of note 004',
    );
  });

  it('has its picture as a file on the site', () => {
    const { html, files } = notebookPage({ cells: cardsOf('why-centred') }, { path: entry.path, isReady: () => true });
    const [name] = [...files.keys()];
    expect(name).toMatch(/^why-centred-[0-9a-f]{8}\.png$/);
    expect(html).toContain(`<a href="q-why-centred.html"><img src="03-activations/${name}" width="200"`);
    expect(html).not.toContain('src="attachment:');
  });
});
