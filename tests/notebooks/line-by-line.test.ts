// A note's statements line by line: written from the list of claims around cells of one's own, which stay.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { isOwn, readClaimsList } from '../../tools/notebooks/claims.mjs';
import { writePages } from '../../tools/notebooks/generated-pages.mjs';
import { isOfChapter, statementsOf } from '../../tools/notebooks/line-by-line.mjs';
import { lintAll } from '../../tools/notebooks/lint-all.mjs';
import { entryOf, readMap } from '../../tools/notebooks/map.mjs';
import type { MadeCell as Cell } from '../support/notebooks';

const lesson = '002-descent/01-downhill.ipynb';
const lines = '002-descent/90-lines.ipynb';
const map = {
  notes: [
    {
      number: '002',
      letter: 'C',
      folder: '002-descent',
      title: 'Descent',
      notebooks: [
        { file: '01-downhill.ipynb', title: 'Which way?', about: 'slopes', before: [], state: 'planned' },
        {
          file: '90-lines.ipynb',
          title: 'Descent, line by line',
          kind: 'lines',
          statements: ['C01', 'C03'],
          sections: { C01: 'Beginnings', C03: 'Ends' },
          before: [],
          state: 'ready',
        },
      ],
    },
  ],
  playFirst: [{ ref: '002/downhill', sentence: 'Guess.' }],
};
const entry = (id: string, verdict: string, settled: string, notebook: string, more: object = {}) => ({
  id,
  verdict,
  settled,
  sentence: `Sentence of ${id}.`,
  ...more,
  notebook,
});
const claims = [
  entry('C01', 'holds', 'open', lesson),
  entry('C02', 'slip', 'read', lines, { said: 'It says so.' }),
  entry('C03', 'wrong', 'open', lesson, { said: 'It said otherwise.' }),
  entry('N01', 'conditional', 'open', lesson),
];
const claimCell: Cell = {
  cell_type: 'code',
  id: 'own',
  metadata: { jupyter: { source_hidden: true } },
  source: '// names what was read\nread("C02");',
  execution_count: 1,
  outputs: [
    {
      output_type: 'display_data',
      metadata: {},
      data: { 'application/vnd.gradlab.claim+json': [{ id: 'C02', verdict: 'slip', settled: 'read', parts: [] }] },
    },
  ],
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});
function makeFolder(change: (copy: typeof map) => void = () => {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-lines-'));
  folders.push(folder);
  const root = path.join(folder, 'notebooks');
  fs.mkdirSync(path.join(root, '002-descent'), { recursive: true });
  const copy = structuredClone(map);
  change(copy);
  const write = (name: string, content: unknown) =>
    fs.writeFileSync(path.join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  write('map.json', copy);
  write('claims.json', claims);
  const readme = path.join(folder, 'README.md');
  fs.writeFileSync(readme, '<!-- counts -->\n\n<!-- /counts -->\n');
  const read = (): Cell[] =>
    JSON.parse(fs.readFileSync(path.join(root, lines), 'utf8')).cells.map((cell: Cell & { source: string[] }) => ({
      ...cell,
      id: cell.id.replace('002-lines-', ''),
      source: [cell.source].flat().join(''),
    }));
  return { root, readme, write, read };
}

describe('a note, line by line', () => {
  it('has a cell for each statement, under its headings, with verdict, sentence and what the note says', () => {
    const { root, readme, read } = makeFolder();
    expect(writePages(root, readme)).toContain(path.join(root, lines));
    const cells = read();
    const ids = ['title', 'part-c01', 'line-c01', 'line-c02', 'part-c03', 'line-c03', 'way-on'];
    expect(cells.map(({ id }) => id)).toEqual(ids);
    for (const cell of cells) expect(cell.metadata).toEqual({ tags: ['generated'] });
    expect(cells[0]!.source).toMatch(/^# Descent, line by line\n\n[\s\S]*Settled so far: 1 of 3\.$/);
    expect(cells[2]!.source).toContain(
      '**C01** · ? *open* · Sentence of C01.\n\nNot settled yet; it belongs to *Which way?*.',
    );
    // Measured or read here: the cell of its own that follows says the rest.
    expect(cells[3]!.source).toBe('**C02**\n\n*In the note:* It says so.');
    expect(cells[5]!.source).toContain('*In the note:* It said otherwise.');
    expect(cells[6]!.source).toBe('[start page](../00-start-here.ipynb) · [errata](../errata.md)');
  });

  it('keeps cells of its own behind the statement that they follow, whatever is written anew', () => {
    const { root, readme, read, write } = makeFolder();
    writePages(root, readme);
    const cells = read();
    cells.splice(4, 0, claimCell);
    write(lines, { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
    write('claims.json', [{ ...claims[0], sentence: 'Another sentence.' }, ...claims.slice(1)]);
    writePages(root, readme);
    expect(read().map(({ id }) => id)).toEqual([
      'title',
      'part-c01',
      'line-c01',
      'line-c02',
      'own',
      'part-c03',
      'line-c03',
      'way-on',
    ]);
    expect(read()[2]!.source).toContain('Another sentence.');
    expect(lintAll(root, readme)).toEqual([]);
  });

  it('leads to the cell that measures a statement', () => {
    const { root, readme, read, write } = makeFolder((copy) => {
      Object.assign(copy.notes[0]!.notebooks[0]!, { state: 'ready' });
    });
    write(lesson, { cells: [{ ...claimCell, id: '002-downhill-c02' }], metadata: {}, nbformat: 4, nbformat_minor: 5 });
    write('claims.json', [claims[0], { ...claims[1], notebook: lesson }, ...claims.slice(2)]);
    writePages(root, readme);
    expect(read()[3]!.source).toBe(
      '**C02** · ✎ *slip* · Sentence of C02.\n\n*In the note:* It says so.\n\n' +
        'Read, not measured, in [Which way?](01-downhill.ipynb#cell-id=002-downhill-c02).',
    );
    const foot = JSON.parse(fs.readFileSync(path.join(root, lesson), 'utf8'))
      .cells.at(-1)
      .source.join('');
    expect(foot).toContain('Note 002, line by line: [C01 to C03](90-lines.ipynb)');
  });

  it('counts finds of our own apart, and asks for nothing that a note says of them', () => {
    const { root, readme } = makeFolder();
    writePages(root, readme);
    expect(fs.readFileSync(readme, 'utf8')).toContain(
      'There are 1 list of statements, and 1 more is planned. ' +
        'Claims: 1 holds, 1 wrong, 1 slip · 1 read, 2 open. Finds of our own: 1 conditional · 1 open.',
    );
    expect(fs.readFileSync(path.join(root, 'errata.md'), 'utf8')).not.toContain('N01');
    const list = readClaimsList(path.join(root, 'claims.json'));
    expect(list.problems).toEqual([]);
  });

  it('leaves to a chapter what the chapter settles', () => {
    const { root } = makeFolder((copy) => {
      Object.assign(copy.notes[0]!.notebooks[0]!, { kind: 'chapter' });
    });
    const all = readMap(root);
    expect(statementsOf(entryOf(all, lines), claims, all).map(({ id }: { id: string }) => id)).toEqual(['C02']);
  });

  it('needs its first and last statement', () => {
    const { root, readme } = makeFolder((copy) => {
      Object.assign(copy.notes[0]!.notebooks[1]!, { statements: ['C01'] });
    });
    expect(lintAll(root, readme)).toContain(
      'map.json: 002-descent/90-lines.ipynb needs "statements", two ids, and "sections"',
    );
  });
});

it('every statement of the notes that no chapter settles stands in exactly one of these notebooks', () => {
  const all = readMap(paths.notebooks);
  const entries = readClaimsList(path.join(paths.notebooks, 'claims.json')).entries as {
    id: string;
    notebook: string;
  }[];
  const listed = all.entries
    .filter(({ kind }: { kind: string }) => kind === 'lines')
    .flatMap(({ ref }: { ref: string }) =>
      statementsOf(entryOf(all, ref), entries, all).map(({ id }: { id: string }) => id),
    );
  expect(listed).toEqual(entries.filter((one) => !isOwn(one) && !isOfChapter(one, all)).map(({ id }) => id));
});
