// Narrow pages: all figures of all notebooks, by estimate; `pages.test.ts` checks some in a browser.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import * as fit from '../../page/figure/fit';
import { widthOf } from '../../page/figure/letters';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { figuresIn } from '../../tools/notebooks/update.mjs';
import { allNotebooks } from '../support/turns.mjs';

interface Figure {
  data: { colorbar?: object }[];
  layout: { width?: number; height: number; margin: Record<'l' | 'r' | 't' | 'b', number>; title?: { text: string } };
}
interface Fit {
  changesFor(figure: Figure, place: number): { layout: Map<string, unknown>; traces: unknown[] };
  heights(figure: Figure, usual: number): { below?: number; height: number }[];
}
const { changesFor, heights } = fit as unknown as Fit;

const figures: Figure[] = allNotebooks.flatMap((name) =>
  figuresIn(readNotebook(path.join(paths.notebooks, name))).map(({ figure }: { figure: Figure }) => figure),
);

describe.each([328, 736])('on a page of %i pixels', (place) => {
  test('no figure has a fixed width that is larger', () => {
    const left = figures.filter(({ layout }) => (layout.width ?? 0) > place);
    expect(left.length).toBeGreaterThan(0);
    for (const figure of left) expect(changesFor(figure, place).layout.get('width')).toBeNull();
  });

  test('title lines fit, and the margins match the height', () => {
    for (const figure of figures) {
      const { layout } = changesFor(figure, place);
      const now = (key: string, usual: unknown) => (layout.has(key) ? layout.get(key) : usual);
      const title = now('title.text', figure.layout.title?.text ?? '') as string;
      for (const line of title.split('<br>')) expect(widthOf(line, 16), line).toBeLessThan(place);
      const [top, bottom, height] = [
        now('margin.t', figure.layout.margin.t),
        now('margin.b', figure.layout.margin.b),
        now('height', figure.layout.height),
      ] as number[];
      expect(height! - top! - bottom!).toBeGreaterThan(50);
    }
  });
});

test('a figure changes nothing at its design width, and its height is given for all narrower widths', () => {
  for (const figure of figures) {
    expect(changesFor(figure, 1600)).toEqual({ layout: new Map(), traces: [] });
    const told = heights(figure, 450);
    expect(told[0]).toEqual({ below: undefined, height: figure.layout.height });
    for (const place of [250, 300, 328, 385, 430, 500, 575, 650, 700, 800, 1000]) {
      const height = told.filter(({ below = 1e9 }) => place < below).at(-1)!.height;
      expect(changesFor(figure, place).layout.get('height') ?? figure.layout.height).toBe(height);
    }
  }
});
