// Whoever comes with a note in hand finds each of its headings, and each word of the index leads somewhere.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { inOrder, placeInNote, readClaimsList } from '../../tools/notebooks/claims.mjs';
import { readMap } from '../../tools/notebooks/map.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { indexOf, placesOf } from '../../tools/notebooks/places.mjs';

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

it('each heading of each note leads to a section that exists', () => {
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

it('a heading leads to its chapter, or to what settles its first statement, or on', () => {
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
    const [lesson, chapter] = [
      { path: 'a.ipynb', ref: 'a', kind: 'lesson', state: 'ready', about: 'slopes, Steps', words: [] },
      { path: 'b.ipynb', ref: 'b', kind: 'chapter', state: 'ready', about: 'x', words: ['steps', 'Adam'] },
    ];
    const map = { entries: [lesson, chapter] };
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
    ];
    const headings = ['Intro', 'Steps', 'Ends', 'Open'];
    const inB = { entry: chapter, section: { cell: 'first', title: 'First' } };
    const inA = { entry: lesson, section: { cell: 'one', title: 'One' } };
    expect(placesOf(root, map, claims)({ letter: 'A', headings })).toEqual([
      { heading: 'Intro', ...inB },
      { heading: 'Steps', ...inB },
      { heading: 'Ends', ...inA },
      { heading: 'Open', ...inA },
    ]);
    expect(placesOf(root, map, claims)({ letter: 'B', headings })).toEqual([]);
    expect(indexOf(map)).toEqual([
      { word: 'Adam', entry: chapter },
      { word: 'slopes', entry: lesson },
      { word: 'steps', entry: chapter },
    ]);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});

it("statements stand in the order of their note's headings", () => {
  const at = (id: string, heading?: string, item: string | null = null) => ({
    id,
    where: heading === undefined ? null : { heading, item },
  });
  const claims = [at('A01'), at('A02', 'Ends'), at('A03', 'Steps', '3.1'), at('A04', 'Steps')];
  const ids = (given: { id: string }[]) => given.map(({ id }) => id);
  expect(ids(inOrder(claims, ['Steps', 'Ends']))).toEqual(['A03', 'A04', 'A02', 'A01']);
  expect(claims.map(placeInNote)).toEqual(['', 'Ends', 'Steps, 3.1', 'Steps']);
});
