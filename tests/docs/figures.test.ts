// The figures of the reference are what the examples beside them show in a notebook.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PLOTLY_MIME } from '../../kernel-setup/figures/draw.mjs';
import { paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { firstDifference } from '../../tools/notebooks/compare-outputs.mjs';
import { readDeclared } from '../../tools/reference/declarations.mjs';
import { figuresOf, readFigure, writeFigures } from '../../tools/reference/draw-figures.mjs';
import { byFamily } from '../../tools/reference/families.mjs';
import { figureFile } from '../../tools/reference/family-pages.mjs';

const committed = path.join(paths.root, 'docs', 'reference', 'figures');
const scratch = () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-figures-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  return folder;
};

test('each example shows its committed figures: run `npm run generate`', async () => {
  await setUp({ log: () => {} });
  const drawing = [...byFamily(readDeclared())].filter(([{ draws }]) => draws).flatMap(([, own]) => own);
  const figures = await figuresOf(drawing, scratch());
  const files: string[] = [];
  for (const [name, shown] of figures)
    for (const [i, data] of shown.entries()) {
      const file = figureFile(name, i);
      files.push(`${file}.json`, `${file}.png`);
      expect(firstDifference(readFigure(committed, file), data, ''), file).toBeUndefined();
    }
  expect(fs.readdirSync(committed).sort()).toEqual(files.sort());
});

test('a changed figure is drawn again, an equal one is kept, and one of a function that is gone is removed', async () => {
  const folder = scratch();
  const drawn: object[] = [];
  const page = {
    draw: async (figure: object) => {
      drawn.push(figure);
      return Buffer.from(`picture ${drawn.length}`).toString('base64');
    },
    close: async () => {},
  };
  const write = (of: Record<string, number[]>) => {
    const figures = Object.entries(of).map(([name, all]): [string, object[]] => [
      name,
      all.map((at) => ({ [PLOTLY_MIME]: { at }, 'text/plain': `at ${at}` })),
    ]);
    return writeFigures(new Map(figures), folder, async () => page);
  };
  await write({ 'plot.bars': [1], studyDisplay: [2, 3] });
  expect(fs.readdirSync(folder)).toHaveLength(6);
  await write({ 'plot.bars': [1], studyDisplay: [4] });
  expect(drawn).toEqual([1, 2, 3, 4].map((at) => ({ at })));
  expect(fs.readdirSync(folder).sort()).toEqual(['bars.json', 'bars.png', 'studyDisplay.json', 'studyDisplay.png']);
  expect(fs.readFileSync(path.join(folder, 'studyDisplay.png'), 'utf8')).toBe('picture 4');
});
