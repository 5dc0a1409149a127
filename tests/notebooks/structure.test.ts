import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFigurePage } from '../../kernel-setup/figures/draw.mjs';
import { paths } from '../../kernel-setup/setup/index.mjs';
import type { PlotFigure } from '../../page/figure/plotly';
import { lessonIn, uncovered } from '../../page/questions/lesson';
import { findClaims, judgeClaims, readClaimsList } from '../../tools/notebooks/claims.mjs';
import { chapterOf, entryOf, readMap, START_PAGE } from '../../tools/notebooks/map.mjs';
import { cleanNotebook, notebookText, readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { findNotebooks } from '../../tools/notebooks/options.mjs';
import { figuresIn } from '../../tools/notebooks/update.mjs';
import { describeInChromium } from '../support/browsers';
import { takenOf } from '../support/turns.mjs';

interface CodeCell {
  cell_type: string;
  source: string;
  execution_count: number | null;
  outputs: { output_type: string; data?: Record<string, unknown> }[];
}
interface FoundFigure {
  index: number;
  output: { data: Record<string, unknown>; metadata: Record<string, unknown> };
  figure: PlotFigure;
}

const names: string[] = findNotebooks(paths.notebooks).filter((name: string) => name !== START_PAGE);
const map = readMap(paths.notebooks);
const list = readClaimsList(path.join(paths.notebooks, 'claims.json'));

/** Absolute paths of users' machines: /home/ada/…, C:\Users\…, file:///… */
const machinePath =
  /(?<![\w.:/])\/(?:home|root|Users|tmp|work|var|private|opt|mnt|usr)\/[\w.-]|\b[A-Z]:\\\\?\w|file:\/\/\//;

it('there are notebooks', () => {
  expect(names.length).toBeGreaterThan(0);
});

it('claims.json is a list of claims, each with a notebook that exists', () => {
  expect(list.problems).toEqual([]);
});

it('the search for machine paths finds them', () => {
  for (const text of [
    'at /home/ada/x.ts',
    '"/tmp/a"',
    'C:\\Users\\ada',
    'file:///x',
    `(/${'root'}/y.js:1:2)`,
    `${os.homedir()}/x`,
  ]) {
    expect(text).toMatch(machinePath);
  }
  for (const text of ['https://x.org/home/a', 'a/tmp/b', '1/2', 'and/or', 'image/png'])
    expect(text).not.toMatch(machinePath);
});

it('no two cells of all notebooks have the same id', () => {
  const owners: Record<string, string[]> = {};
  for (const name of findNotebooks(paths.notebooks) as string[]) {
    const { cells } = JSON.parse(fs.readFileSync(path.join(paths.notebooks, name), 'utf8'));
    for (const { id } of cells as { id: string }[]) {
      expect(id).toMatch(/^[\w-]{1,64}$/);
      owners[id] = [...(owners[id] ?? []), name];
    }
  }
  expect(Object.entries(owners).filter(([, files]) => files.length > 1)).toEqual([]);
});

describe.each(names)('%s', (name) => {
  const file = path.join(paths.notebooks, name);
  const text = fs.readFileSync(file, 'utf8');
  const raw = JSON.parse(text);
  const notebook = readNotebook(file);
  const codeCells = notebook.cells.filter((cell: CodeCell) => cell.cell_type === 'code') as CodeCell[];
  const figures = figuresIn(notebook) as FoundFigure[];

  it('names our kernel, and is in the format of --update', () => {
    expect(raw.metadata.kernelspec).toEqual({
      display_name: 'TypeScript (gradlab)',
      language: 'typescript',
      name: 'gradlab',
    });
    expect(text === notebookText(cleanNotebook(notebook), file), 'run: npm run notebooks -- --update').toBe(true);
  });

  it('names its note, and a question its chapter', () => {
    const number = /^(\d{3})-/.exec(name)?.[1];
    expect(number, 'a notebook lies in the folder of its note, like 002-gradient-descent').toBeDefined();
    const entry = entryOf(map, name)!;
    const chapter = chapterOf(map, entry);
    // The foot of a chapter begins with “Note”.
    const told = chapter ? `the chapter [${chapter.title}](${path.basename(chapter.path)})` : `note ${number}`;
    const texts = notebook.cells.filter((cell: CodeCell) => cell.cell_type === 'markdown') as CodeCell[];
    const isTold = ({ source }: CodeCell) => source.toLowerCase().includes(told.toLowerCase());
    expect(texts.some(isTold), told).toBe(true);
    expect(chapter !== undefined).toBe(entry.kind === 'question');
  });

  it('has the outputs of one run from top to bottom, without an error', () => {
    const run = codeCells.filter((cell) => cell.source.trim() !== '');
    expect(run.map((cell) => cell.execution_count)).toEqual(run.map((_, i) => i + 1));
    if (run.length > 0) expect(codeCells.some((cell) => cell.outputs.length > 0)).toBe(true);
    const errors = codeCells.flatMap((cell) => cell.outputs).filter((output) => output.output_type === 'error');
    expect(errors).toEqual([]);
  });

  it('shows the claims that claims.json lists for it, with numbers and bounds', () => {
    expect(judgeClaims(findClaims(notebook), list.entries, name)).toEqual([]);
  });

  it('contains no path of the machine it was run on', () => {
    const outputs = JSON.stringify([codeCells.map((cell) => cell.outputs), notebook.metadata]);
    const withoutPictures = outputs.replace(/"image\/png":"[^"]*"/g, '');
    expect(withoutPictures.match(machinePath)?.[0]).toBeUndefined();
    expect(withoutPictures).not.toContain(paths.root);
  });

  it('has a picture and a description for each figure', () => {
    const bare = figures.filter(
      ({ output }) => !output.data['image/png'] || !String(output.data['text/plain'] ?? '').trim(),
    );
    expect(bare.map(({ index }) => `cell ${index + 1}`)).toEqual([]);
    for (const { output } of figures) {
      expect(output.metadata['image/png'], 'run: npm run notebooks -- --update').toEqual({
        alt: output.data['text/plain'],
      });
    }
  });
});

describeInChromium('the figures in notebooks', () => {
  let page: Awaited<ReturnType<typeof openFigurePage>>;
  beforeAll(async () => {
    page = await openFigurePage();
  }, 60_000);
  afterAll(() => page?.close(), 60_000);

  // A second and a half each.
  it.each(takenOf('pages of the site, figures', names))(
    'of %s have only attributes that plotly knows',
    async (name) => {
      const found: string[] = [];
      for (const { index, figure } of figuresIn(readNotebook(path.join(paths.notebooks, name))) as FoundFigure[]) {
        // plotly does not validate the covered parts.
        const whole = lessonIn(figure) ? uncovered(figure) : figure;
        for (const message of await page.validate(whole)) found.push(`cell ${index + 1}: ${message}`);
      }
      expect(found).toEqual([]);
    },
    60_000,
  );
});
