// The places of a note's headings, the index, and the order of statements.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { inOrder, placeInNote, readClaimsList } from '../../tools/notebooks/claims.mjs';
import { readMap } from '../../tools/notebooks/map.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { cardFinder, indexOf, inRows, placesOf } from '../../tools/notebooks/places.mjs';

interface Entry {
  path: string;
  state: string;
  title: string;
}
interface Place {
  heading: string;
  entry: Entry;
  section?: { cell: string; title: string };
}

it('each heading of each note leads to an existing section', () => {
  const map = readMap(paths.notebooks);
  const { entries: claims } = readClaimsList(path.join(paths.notebooks, 'claims.json'));
  const places = placesOf(paths.notebooks, map, claims);
  const start = readNotebook(path.join(paths.notebooks, '00-start-here.ipynb'));
  const table = start.cells.find(({ id }: { id: string }) => id === 'notes').source as string;
  for (const note of map.notes) {
    const found = places(note) as Place[];
    expect(found.map(({ heading }) => heading)).toEqual(note.headings);
    for (const { heading, entry, section } of found) {
      expect(entry.state, heading).toBe('ready');
      const cell = readNotebook(path.join(paths.notebooks, entry.path)).cells.find(
        ({ id }: { id: string }) => id === section?.cell,
      );
      expect(cell?.source, heading).toContain(`## ${section?.title}`);
      expect(table).toContain(`| ${heading} | [${entry.title}](${entry.path})`);
    }
  }
});

it('a heading leads to every chapter that settles a statement below it, else to the next heading', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-places-'));
  try {
    const settles = (...ids: string[]) => ({
      cell_type: 'code',
      id: `c-${ids[0]}`,
      metadata: {},
      source: '',
      execution_count: 1,
      outputs: [
        {
          output_type: 'display_data',
          metadata: {},
          data: { 'application/vnd.gradlab.claim+json': ids.map((id) => ({ id })) },
        },
      ],
    });
    const text = (id: string, source: string) => ({ cell_type: 'markdown', id, metadata: {}, source });
    const write = (name: string, ...cells: object[]) =>
      fs.writeFileSync(path.join(root, name), JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    write('a.ipynb', text('title', '# A'), text('one', '## One\n\nOn.'), settles('A01', 'A03'), text('two', '## Two'));
    write('b.ipynb', text('first', '## First'), text('deeper', '### Deeper'), settles('A02'));
    write('c.ipynb', text('second', '## Second'), settles('A05', 'A06'));
    const [first, second, third] = [
      {
        path: 'a.ipynb',
        ref: 'a',
        kind: 'chapter',
        state: 'ready',
        title: 'A',
        words: ['slopes', 'Steps', 'Adam', 'rate'],
      },
      { path: 'b.ipynb', ref: 'b', kind: 'chapter', state: 'ready', title: 'Adam', words: ['rate', 'steps', 'Adam'] },
      { path: 'c.ipynb', ref: 'c', kind: 'chapter', state: 'ready', title: 'C', words: [] },
    ];
    const question = { path: 'q.ipynb', ref: 'q', kind: 'question', state: 'ready', words: [] };
    const map = { entries: [first, second, question, third] };
    const claim = (id: string, heading: string, notebook: string, settled = 'measured') => ({
      id,
      notebook,
      settled,
      where: { heading, item: null },
    });
    const claims = [
      claim('A01', 'Steps', 'a.ipynb'),
      claim('A02', 'Steps', 'b.ipynb'),
      claim('A03', 'Ends', 'a.ipynb'),
      claim('A04', 'Open', 'a.ipynb', 'open'),
      claim('A05', 'Steps', 'c.ipynb'),
      claim('A06', 'Steps', 'c.ipynb'),
    ];
    const headings = ['Intro', 'Steps', 'Ends', 'Open'];
    const inB = { entry: second, section: { cell: 'first', title: 'First' } };
    const inA = { entry: first, section: { cell: 'one', title: 'One' } };
    const inC = { entry: third, section: { cell: 'second', title: 'Second' } };
    const places = placesOf(root, map, claims)({ letter: 'A', headings });
    expect(places).toEqual([
      { heading: 'Intro', ...inA, further: [] },
      { heading: 'Steps', ...inA, further: [inB, inC] },
      { heading: 'Ends', ...inA, further: [] },
      { heading: 'Open', ...inA, further: [] },
    ]);
    expect(inRows(places).map(({ heading, entry }: Place) => [heading, entry])).toEqual([
      ['Intro', first],
      ['Steps', first],
      ['', second],
      ['', third],
      ['Ends', first],
      ['Open', first],
    ]);
    expect(placesOf(root, map, claims)({ letter: 'B', headings })).toEqual([]);
    expect(indexOf(map)).toEqual([
      { word: 'Adam', entry: second },
      { word: 'rate', entry: second },
      { word: 'slopes', entry: first },
      { word: 'Steps', entry: first },
    ]);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});

it("statements are in the order of their note's headings", () => {
  const at = (id: string, heading?: string, item: string | null = null) => ({
    id,
    where: heading === undefined ? null : { heading, item },
  });
  const claims = [at('A01'), at('A02', 'Ends'), at('A03', 'Steps', '3.1'), at('A04', 'Steps')];
  const ids = (given: { id: string }[]) => given.map(({ id }) => id);
  expect(ids(inOrder(claims, ['Steps', 'Ends']))).toEqual(['A03', 'A04', 'A02', 'A01']);
  expect(claims.map(placeInNote)).toEqual(['', 'Ends', 'Steps, 3.1', 'Steps']);
});

it('a question belongs to the section with its card', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-places-'));
  try {
    const text = (id: string, source: string) => ({ cell_type: 'markdown', id, metadata: {}, source });
    const cells = [text('title', '# C'), text('one', '## One'), text('two', '## Two'), text('card-why-not', '')];
    fs.writeFileSync(
      path.join(root, '01-c.ipynb'),
      JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    );
    const sectionOf = cardFinder(root);
    expect(sectionOf('01-c.ipynb', 'q-why-not.ipynb')).toBe('two');
    expect(sectionOf('01-c.ipynb', 'q-other.ipynb')).toBeUndefined();
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});

it('the start page lists a question in each row of its section', () => {
  const cells = readNotebook(path.join(paths.notebooks, '00-start-here.ipynb')).cells as {
    id: string;
    source: string;
  }[];
  const rows = cells.find(({ id }) => id === 'notes')!.source.split('\n');
  const withQuestion = (name: string) => rows.filter((row) => row.includes(name)).map((row) => row.split(' | ')[0]);
  expect(withQuestion('q-dying-relu.ipynb')).toEqual(['| Rectified Linear (ReLU)', '| Dying ReLU Problem']);
});
