// Every rule detects a notebook that breaks it; and the project's own notebooks follow them all.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { isOwn } from '../../tools/notebooks/claims.mjs';
import { stalePages, wayCells, writePages } from '../../tools/notebooks/generated-pages.mjs';
import { lintAll } from '../../tools/notebooks/lint-all.mjs';
import { entryOf, readMap } from '../../tools/notebooks/map.mjs';
import type { MadeCell as Cell } from '../support/notebooks';

const text = (id: string, source: string): Cell => ({ cell_type: 'markdown', id, metadata: {}, source });
const code = (id: string, source: string, ...outputs: object[]): Cell => ({
  cell_type: 'code',
  id,
  metadata: {},
  source,
  execution_count: 1,
  outputs,
});
/** A hidden code cell, with a line that describes it. */
const folded = (id: string, source: string, ...outputs: object[]): Cell => ({
  ...code(id, `// does it\n${source}`, ...outputs),
  metadata: { jupyter: { source_hidden: true } },
});
const shown = (data: object) => ({ output_type: 'display_data', metadata: {}, data });
/** A question with its correct answer and wrong ones, over a figure. */
const asks = (right: string, ...wrong: string[]) =>
  folded(
    'ask',
    'ask("downhill", figure);',
    shown({
      'application/vnd.gradlab.lesson+json': {
        id: 'downhill',
        question: 'Where does it go?',
        answers: [...wrong.map((one) => ({ text: one, verdict: 'wrong' })), { text: right, verdict: 'right' }],
      },
      'application/vnd.plotly.v1+json': {
        data: [{ type: 'scatter' }],
        layout: { title: { text: 'It goes <b>down</b> to the left, by 17' } },
      },
    }),
  );
const figure = (type = 'scatter') => shown({ 'application/vnd.plotly.v1+json': { data: [{ type }] } });
const claim = (id: string, change: object = {}) =>
  shown({
    'application/vnd.gradlab.claim+json': [
      { id, verdict: 'holds', settled: 'measured', parts: [{ value: 1, expected: 1, tolerance: 0 }], ...change },
    ],
  });

const file = '002-descent/01-downhill.ipynb';
const words = ['a', 'b', 'c', 'd', 'e'];
const slopes = ['slopes', ...words];
const chapterNamed = (title: string) => ({ kind: 'chapter', title, words });
const map = {
  notes: [
    {
      number: '002',
      letter: 'C',
      folder: '002-descent',
      title: 'Descent',
      notebooks: [
        { ...chapterNamed('Which way?'), file: '01-downhill.ipynb', about: 'slopes', words: slopes, state: 'ready' },
        { ...chapterNamed('How large?'), file: '02-step.ipynb', about: 'rates', state: 'planned' },
      ],
    },
  ],
  playFirst: [{ ref: '002/downhill', sentence: 'Guess.' }],
  path: ['002/downhill'],
};
const entry = { id: 'C01', verdict: 'holds', settled: 'measured', sentence: 'A sentence.', notebook: file };
const planned = { ...entry, id: 'C02', settled: 'open', notebook: '002-descent/02-step.ipynb' };

/** A notebook that follows every rule. */
const good = (): Cell[] => [
  text('title', '# Which way?\n\nDownhill.'),
  folded('setup', 'import { claim, exercise, plot, predict, show } from "gradlab/lab";'),
  folded('ask', 'predict("downhill");', shown({ 'text/html': '<p>', 'text/plain': 'Predict.' })),
  code('move', 'show(plot.slider([1], draw));', figure()),
  text(
    'why',
    '## 1 · Why?\n\nSee [the next](02-step.ipynb), [the list](../claims.json), [a site](https://x.org) and [here](#why).',
  ),
  folded('c01', 'claim("C01", () => ({ value, expected: 1, tolerance: 0 }));', claim('C01')),
  text('short', '## In short\n\n- Downhill, from this start (C01).\n- And on (figure of section 1).'),
  text('exercises', '## Exercises\n\nOne.\n\n<details><summary>Hint</summary>Look again.</details>'),
  code('ex1', 'exercise("one", undefined);'),
  code('ex2', "exercise('two', undefined);"),
  text('note', '## In the note\n\nSection 1.'),
  text('way-on', '[start page](../00-start-here.ipynb)'),
];

interface Folder {
  cells?: Cell[];
  map?: unknown;
  claims?: object[];
  predictions?: object;
  exercises?: string;
  files?: Record<string, unknown>;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});
function makeFolder({ cells = good(), predictions = { downhill: {} }, exercises, files = {}, ...given }: Folder) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-lint-'));
  folders.push(folder);
  const root = path.join(folder, 'notebooks');
  const write = (name: string, content: unknown) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const stub = "const { near } = require('gradlab'); const start = near(1) + 1;";
  write('map.json', given.map ?? map);
  write('claims.json', given.claims ?? [entry, planned]);
  write(file, { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
  write('002-descent/01-downhill.predictions.json', predictions);
  write('002-descent/01-downhill.exercises.js', exercises ?? `${stub} module.exports = { one: {}, two: { start } };`);
  write('00-start-here.ipynb', { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  for (const [name, content] of Object.entries(files)) write(name, content);
  const readme = path.join(folder, 'README.md');
  fs.writeFileSync(readme, 'Before.\n\n<!-- counts -->\n\n<!-- /counts -->\n\nAfter.\n');
  return { root, readme };
}

/** The lint's findings in such a folder, with its pages written. */
function lint(given: Folder) {
  const { root, readme } = makeFolder(given);
  const problems: string[] = lintAll(root, readme);
  return { problems: problems.filter((problem) => !problem.endsWith('is stale: npm run pages')) };
}

/** The good notebook with some cells replaced by others, by id. */
const replaced = (changes: Record<string, Cell | Cell[] | null>) =>
  good().flatMap((cell) => (cell.id in changes ? (changes[cell.id] ?? []) : cell));

it("the project's notebooks follow the rules, and the pages written from the map are current", () => {
  expect(lintAll(paths.notebooks, path.join(paths.root, 'README.md'))).toEqual([]);
});

it('claims.json has every statement of the five notes', () => {
  const ids = JSON.parse(fs.readFileSync(path.join(paths.notebooks, 'claims.json'), 'utf8'))
    .map(({ id }: { id: string }) => id)
    .filter((id: string) => !isOwn({ id }));
  const numbers = (letter: string, count: number, digits: number) =>
    Array.from({ length: count }, (_, i) => `${letter}${String(i + 1).padStart(digits, '0')}`);
  expect(ids).toEqual([
    ...numbers('A', 17, 2),
    ...numbers('B', 44, 2),
    ...numbers('C', 31, 2),
    ...numbers('D', 51, 2),
    ...numbers('E', 248, 3),
  ]);
});

it('claims.json locates every statement, except for four without a place in a note, and our own findings', () => {
  const claims = JSON.parse(fs.readFileSync(path.join(paths.notebooks, 'claims.json'), 'utf8'));
  const ids = (found: (claim: { id: string; where?: object | null }) => boolean): string[] =>
    claims.filter(found).map(({ id }: { id: string }) => id);
  expect(ids(({ where }) => where === null)).toEqual(['A03', 'C29', 'E021', 'E240']);
  expect(ids(({ where }) => where === undefined)).toEqual(ids((claim) => isOwn(claim)));
});

describe('the lint', () => {
  it('accepts a good notebook', () => {
    expect(lint({})).toEqual({ problems: [] });
  });

  it.each<[string, Record<string, Cell | Cell[] | null>, string]>([
    ['another title', { title: text('title', '# Downhill') }, 'must begin with a cell "# Which way?"'],
    ['missing navigation', { 'way-on': null }, 'the cell way-on, which leads to other notebooks, is missing'],
    [
      'outdated navigation',
      { 'way-on': text('way-on', 'next') },
      'the cell way-on, which leads to other notebooks, is stale',
    ],
    [
      'members that stock tslab does not know',
      { move: code('move', 'const at = [1].findLastIndex((x) => x > 0);', figure()) },
      'cell move calls .findLastIndex(…), which ES2022 does not have',
    ],
    [
      'a visible claim cell',
      { c01: code('c01', 'claim("C01", f);', claim('C01')) },
      'cell c01 asks, measures or imports',
    ],
    [
      'visible claim cells',
      { c01: code('c01', 'if (x) claims({ C01: f });', claim('C01')) },
      'cell c01 asks, measures or',
    ],
    [
      'a visible question cell',
      { ask: code('ask', 'predict("downhill");', shown({})) },
      'cell ask asks, measures or imports',
    ],
    [
      'visible imports',
      { setup: code('setup', 'import { a } from "gradlab";') },
      'cell setup asks, measures or imports',
    ],
    [
      'folded code without a description',
      { c01: { ...folded('c01', '', claim('C01')), source: 'claim("C01", f);' } },
      'cell c01 is folded and has no first line',
    ],
    ['an unknown claim', { c01: code('c01', '', claim('C01'), claim('Z99')) }, 'claim Z99 is not in claims.json'],
    ['a duplicate claim', { c01: code('c01', '', claim('C01'), claim('C01')) }, 'claim C01 is asserted twice'],
    ['a missing claim', { c01: null }, 'claim C01 is in claims.json and was not asserted'],
    [
      "another notebook's claim",
      { c01: code('c01', '', claim('C01'), claim('C02')) },
      'claim C02 belongs to 002-descent/02',
    ],
    ['a broken claim', { c01: code('c01', '', claim('C01', { verdict: 'failed' })) }, 'claim C01 failed'],
    [
      'a file of megabytes',
      { why: code('why', '', shown({ 'image/png': 'x'.repeat(1_500_000) })) },
      'is 1.50 MB; at most 1.5',
    ],
    ['many 3-D figures', { why: code('why', '', ...Array(7).fill(figure('surface'))) }, 'has 7 live 3-D figures'],
    ['a dead link', { why: text('why', '[gone](03-gone.ipynb#top)') }, 'cell why links to 002-descent/03-gone.ipynb'],
    [
      'a link to a missing cell',
      { why: text('why', '[up](#cell-id=002-downhill-gone)') },
      'cell why links to the cell gone of',
    ],
    [
      'a link to a cell that JupyterLab does not follow',
      { why: text('why', '[up](#cell-why)') },
      'cell why links to #cell-why; JupyterLab finds cells by #cell-id=',
    ],
    [
      'a symbol that KaTeX does not know',
      { why: text('why', 'At $x = ½$.') },
      'cell why has a formula: the formula x = ½',
    ],
    [
      'a formula in an output that cannot be rendered',
      { why: code('why', '', shown({ 'text/html': '<p>$\\frac{1}$</p>' })) },
      'cell why has a formula: the formula \\frac{1} cannot be set',
    ],
    [
      'a table with an empty header',
      { why: text('why', 'So:\n\n| | loss |\n|:--|--:|\n| Adam | 0.1 |') },
      'cell why has a table with an empty header',
    ],
    [
      'a table with only a formula in a header',
      { why: text('why', 'So:\n\n| step | $1-p$ |\n|:--|--:|\n| Adam | 0.1 |') },
      'cell why has a table with an empty header',
    ],
    [
      'a table in an output with an empty header',
      { why: code('why', '', shown({ 'text/html': '<table><tr><th scope="col"></th><th>loss</th></tr></table>' })) },
      'cell why has a table with an empty header',
    ],
    ['a hint', { ex1: code('ex1', 'check(a)', shown({ 'text/plain': '… Not yet. Look.' })) }, 'cell ex1 prints a hint'],
    ['an exercise that shows output', { ex1: code('ex1', 'exercise("one", 3)', shown({})) }, 'cell ex1 prints a hint'],
    [
      'an unknown prediction',
      { why: folded('why', 'predict("uphill")') },
      'predict("uphill") is not in the file beside',
    ],
    [
      'a duplicate prediction',
      { why: folded('why', 'predict("downhill")') },
      'predict("downhill") occurs here a second time',
    ],
    ['a missing exercise', { ex2: code('ex2', '1') }, 'exercise("two") is in the file beside the notebook and never'],
    [
      'claims that reveal an answer',
      { why: text('why', 'On.') },
      'cell c01 tells what question "downhill" asks: give claims({ … }, { after: "downhill" })',
    ],
    ['a visible reason', { move: text('move', 'Because it falls.') }, 'cell move is visible under a question'],
    [
      'an answer in the title of its figure',
      { ask: asks('Down to the left', 'Up', 'Nowhere') },
      'question "downhill" is answered in a title above it: down, left',
    ],
    [
      'a number in the title of its figure',
      { ask: asks('About 17', 'About 4', 'About 90') },
      'question "downhill" is answered in a title above it: 17',
    ],
    [
      'a visible answer below its figure, after the folded reason',
      {
        ask: asks('To the frozen north', 'Up', 'Nowhere'),
        move: text('move', '<details><summary>Why</summary>\n\nSo.\n\n</details>\n\nIt ends *frozen*, in the north.'),
      },
      'cell move answers question "downhill" in sight below it: frozen, north',
    ],
    [
      'a section by an outdated name',
      {
        note: text(
          'note',
          '## In the note\n\n## 1 · Is |r| flat?\n\n## 2 · And then?\n\n| here | note |\n|:--|:--|\n| 1 Is \\|r\\| flat?, 2 Uphill? | there |',
        ),
      },
      'cell note names section 2 "Uphill?"; its heading is "And then?"',
    ],
    [
      'a missing section',
      { note: text('note', '## In the note\n\n| here | note |\n|:--|:--|\n| 3 What next? | there |') },
      'cell note names section 3 "What next?"; its heading is "(none)"',
    ],
  ])('detects %s', (_, changes, message) => {
    const { problems } = lint({ cells: replaced(changes) });
    expect(problems.join('\n')).toContain(message);
    for (const problem of problems) expect(problem).toMatch(/^002-descent\/01-downhill\.ipynb: .* \[\w+\]$/);
  });

  it('accepts an answer below a folded question, shared by two sentences, or in another section', () => {
    const ask = asks('To the frozen north', 'Up', 'Nowhere');
    for (const source of [
      '<details><summary>Why</summary>\n\nIt ends frozen, in the north.\n\n</details>',
      '<details><summary>Why</summary>\n\nSo.\n\n</details>\n\nIt is frozen. The north is cold.',
      '## 1 · Where it ends\n\nFrozen, in the north.',
    ])
      expect(lint({ cells: replaced({ ask, move: text('move', source) }) }).problems.join('\n')).not.toContain(
        'below it',
      );
  });

  it('detects a question that has changed since it was asked', () => {
    const file = {
      question: 'Where does it go?',
      answers: ['Up', 'Nowhere', 'Down'].map((text) => ({ text, remark: `It goes ${text}.` })),
    };
    const ask = asks('Down', 'Up', 'Nowhere');
    const { problems } = lint({ cells: replaced({ ask }), predictions: { downhill: file } });
    expect(problems).toEqual([expect.stringContaining('shows question "downhill" in words that it had once')]);
    const anew = JSON.parse(JSON.stringify(ask).replace(/"text":"(\w+)"/g, '"text":"$1","remark":"It goes $1."'));
    expect(lint({ cells: replaced({ ask: anew }), predictions: { downhill: file } }).problems).toEqual([]);
  });

  it('allows a gallery of pictures two megabytes', () => {
    const gallery = structuredClone(map);
    Object.assign(gallery.notes[0]!.notebooks[0]!, { gallery: true });
    const more = code('more', '', shown({ 'image/png': 'x'.repeat(1_900_000) }));
    expect(lint({ cells: [...good(), more], map: gallery }).problems).toEqual([]);
  });

  it('detects an id that is too long in the file', () => {
    const { problems } = lint({ cells: [...good(), text('a'.repeat(52), 'On.')] });
    expect(problems).toEqual([
      expect.stringContaining(`is 002-downhill-${'a'.repeat(52)} in the file; an id has at most`),
    ]);
    expect(lint({ cells: [...good(), text('a'.repeat(51), 'On.')] }).problems).toEqual([]);
  });

  it('detects a question or exercise with an id of another notebook', () => {
    const [note] = map.notes;
    const both = note!.notebooks.map((one) => ({ ...one, state: 'ready' }));
    const cells = [code('a', 'ask("downhill", x); exercise("two", 2); exercise("three", 3);')];
    const step = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
    const { problems } = lint({
      map: { ...map, notes: [{ ...note, notebooks: both }] },
      files: { '002-descent/02-step.ipynb': step },
    });
    const found = problems.filter((problem) => problem.includes('in all notebooks'));
    expect(found).toEqual(
      ['question "downhill"', 'exercise "two"'].map(
        (name) => `002-descent/02-step.ipynb: ${name} is in ${file} as well; an id is one in all notebooks [exercises]`,
      ),
    );
  });

  it('reports a file that is not a notebook', () => {
    const { problems } = lint({ files: { [file]: '{' } });
    expect(problems.join('\n')).toContain('cannot be read as a notebook');
  });
});

describe('map.json', () => {
  const changed = (change: (copy: typeof map) => void) => {
    const copy = structuredClone(map);
    change(copy);
    return lint({ map: copy, cells: undefined as unknown as Cell[] }).problems.join('\n');
  };
  const first = (copy: typeof map) => copy.notes[0]!.notebooks[0]!;
  const second = (copy: typeof map) => copy.notes[0]!.notebooks[1]!;

  it.each<[string, (copy: typeof map) => void, string]>([
    [
      'a notebook that does not exist',
      (copy) => Object.assign(second(copy), { state: 'ready' }),
      'is ready, says the map, and not there',
    ],
    [
      'a planned notebook that exists',
      (copy) => Object.assign(first(copy), { state: 'planned' }),
      'is there, and only planned',
    ],
    [
      'a chapter without a description',
      (copy) => Object.assign(first(copy), { about: '' }),
      'does not say what it is about',
    ],
    ['an unknown state', (copy) => Object.assign(second(copy), { state: 'soon' }), 'state "soon"'],
    ['an unknown need', (copy) => Object.assign(first(copy), { needs: 'cats' }), 'needs "cats"; only fashion-mnist'],
    ['an invalid name', (copy) => Object.assign(second(copy), { file: '02 step.ipynb' }), 'is not named like'],
    [
      'a duplicate name',
      (copy) => Object.assign(second(copy), { file: '02-downhill.ipynb' }),
      'shares its name 002/downhill',
    ],
    ['no kind', (copy) => Object.assign(first(copy), { kind: undefined }), 'neither chapter nor question'],
    [
      'an unknown notebook to begin with',
      (copy) => Object.assign(copy, { playFirst: [{ ref: '009/none', sentence: 'Guess.' }] }),
      'playFirst has 009/none, which is not in the map',
    ],
    [
      'an unknown notebook in the path for beginners',
      (copy) => Object.assign(copy, { path: ['009/none'] }),
      'path has 009/none, which is not a chapter of the map',
    ],
  ])('is rejected with %s', (_, change, message) => {
    expect(changed(change)).toContain(message);
  });

  it('names the same notebooks as the folder, and the claims name no planned one', () => {
    const stray = lint({ files: { '002-descent/09-stray.ipynb': '{}' } }).problems.join('\n');
    expect(stray).toContain('002-descent/09-stray.ipynb is not in the map');
    const claims = [entry, { ...planned, notebook: '002-descent/07-none.ipynb' }];
    expect(lint({ claims }).problems.join('\n')).toContain('C02: 002-descent/07-none.ipynb is not in map.json');
    const early = lint({ claims: [entry, { ...planned, settled: 'read' }] }).problems.join('\n');
    expect(early).toContain('C02: is read, but 002-descent/02-step.ipynb is only planned');
  });

  it('has the heading of every place that a claim names, in the note of its letter', () => {
    const two = structuredClone(map);
    Object.assign(two.notes[0]!, { headings: ['Steps', 'Descent'] });
    two.notes.push({ ...two.notes[0]!, number: '003', letter: 'D', folder: '003-noise', notebooks: [] });
    Object.assign(two.notes[1]!, { headings: ['Noise'] });
    const problems = (heading: string, id = 'C02') =>
      lint({ map: two, claims: [entry, { ...planned, id, where: { heading, item: '3.1' } }] }).problems;
    const missing = (id: string, heading: string) =>
      `claims.json, ${id}: the heading "${heading}" is not among those of its note in map.json`;
    expect(problems('Descent')).toEqual([]);
    expect(problems('Noise', 'D02')).toEqual([]);
    expect(problems('descent')).toEqual([missing('C02', 'descent')]);
    expect(problems('Noise')).toEqual([missing('C02', 'Noise')]);
    expect(problems('Noise', 'N02')).toEqual([missing('N02', 'Noise')]);
    expect(lint({ claims: [entry, { ...planned, where: null }] }).problems).toEqual([]);
  });

  it('links the chapters of a note, and questions and back', () => {
    const more = structuredClone(map);
    const { notebooks } = more.notes[0]! as { notebooks: object[] };
    const ready = { state: 'ready', about: 'x' };
    notebooks.push(
      { ...ready, ...chapterNamed('Descent'), file: '03-descent.ipynb' },
      { ...ready, ...chapterNamed('Momentum'), file: '04-momentum.ipynb' },
      { ...ready, file: 'q-far.ipynb', title: 'How far?', kind: 'question', chapter: 'descent' },
      { ...ready, file: 'q-near.ipynb', title: 'How near?', kind: 'question', chapter: 'descent', state: 'planned' },
    );
    more.notes.push({ ...map.notes[0]!, number: '003', folder: '003-noise', notebooks: [] });
    const { root } = makeFolder({ map: more });
    const read = readMap(root);
    const ways = (ref: string) => wayCells(read, entryOf(read, ref)) as Record<string, string>;
    const start = '[start page](../00-start-here.ipynb)';
    expect(ways('002/descent')).toEqual({
      'way-on': `← [Which way?](01-downhill.ipynb) · ${start} · [Momentum](04-momentum.ipynb) →\n\nQuestions of this chapter: [How far?](q-far.ipynb)`,
    });
    expect(ways('002/momentum')).toEqual({ 'way-on': `← [Descent](03-descent.ipynb) · ${start}` });
    expect(ways('002/far')).toEqual({
      'way-in': '*A question of the chapter [Descent](03-descent.ipynb)*',
      'way-on': `← [Descent](03-descent.ipynb) · ${start}`,
    });
  });
});

describe('a chapter', () => {
  const claims = ['C01', 'C02', 'C03'].map((id, i) => ({
    ...entry,
    id,
    where: { heading: i < 2 ? 'Steps' : 'Ends', item: null },
  }));
  const chapter = (cells: Cell[], more: object = {}) => {
    const copy = structuredClone(map);
    const notebooks = [
      { ...chapterNamed('Which way?'), file: '01-downhill.ipynb', about: 'slopes', state: 'ready', ...more },
    ];
    Object.assign(copy.notes[0]!, { headings: ['Steps', 'Ends'], notebooks });
    const foot = '[start page](../00-start-here.ipynb)\n\nHeadings of note 002: Steps · Ends';
    const footed = cells.map((cell) => (cell.id === 'way-on' ? text('way-on', foot) : cell));
    return lint({ map: copy, cells: footed, claims }).problems.map((problem) => problem.replace(`${file}: `, ''));
  };
  const told = (id: string, ...ids: string[]) =>
    folded(id, `aboutTheNote({ ${ids.map((one) => `${one}: () => x`).join(', ')} });`, ...ids.map((one) => claim(one)));
  const whole = (...about: Cell[]) => [
    text('title', '# Which way?\n\nDown [·](#cell-id=002-downhill-about "C01").'),
    ...about,
    folded('ask', 'predict("downhill");', shown({})),
    text('short', '## In short\n\nDown.'),
    code('ex1', 'exercise("one", undefined);'),
    code('ex2', 'exercise("two", undefined);'),
    text('way-on', '[start page](../00-start-here.ipynb)'),
  ];

  it('needs a summary and an exercise', () => {
    const cells = whole(told('about', 'C01', 'C02', 'C03'));
    expect(chapter(cells)).toEqual([]);
    expect(chapter(cells.filter(({ id }) => id !== 'short'))).toEqual(['has no cell "## In short" [chapter]']);
    const without = cells.filter(({ id }) => !id.startsWith('ex'));
    expect(chapter(without)).toContain('has no exercise [chapter]');
  });

  it('has the statement of each mark in the linked cell', () => {
    const elsewhere = whole(told('about', 'C02'), told('other', 'C01', 'C03'));
    expect(chapter(elsewhere, { outOfOrder: ['C01'] })).toEqual([
      'cell title has marks that lead elsewhere: npm run pages [marks]',
    ]);
    const written = whole(told('about', 'C02', 'C03'));
    expect(chapter(written, { outOfOrder: ['C01'] })).toContain(
      'cell title has the mark [C01], which no cell of the notebook lists in aboutTheNote [marks]',
    );
  });

  it("settles the statements below a heading in the note's order, except for exceptions in the map", () => {
    const cells = whole(told('about', 'C03', 'C02', 'C01'));
    expect(chapter(cells)).toEqual([expect.stringContaining('cell about settles C01 after C02; below "Steps"')]);
    expect(chapter(cells, { outOfOrder: ['C01'] })).toEqual([]);
  });

  it('has the statements of the note, and its questions have none', () => {
    const copy = structuredClone(map);
    Object.assign(copy.notes[0]!, {
      notebooks: [
        { ...chapterNamed('Which way?'), file: '01-downhill.ipynb', about: 'slopes', state: 'ready' },
        { file: 'q-deep.ipynb', title: 'Deep?', about: 'x', state: 'ready', kind: 'question', chapter: 'downhill' },
      ],
    });
    const deep = '002-descent/q-deep.ipynb';
    const cells = [text('title', '# Deep?'), told('c02', 'C02', 'N01')];
    const { problems } = lint({
      map: copy,
      cells: whole(told('about', 'C01')),
      claims: [entry, { ...entry, id: 'C02', notebook: deep }, { ...entry, id: 'N01', notebook: deep }],
      files: { [deep]: { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 } },
    });
    expect(problems.filter((problem) => problem.endsWith('[question]'))).toEqual([
      `${deep}: settles C02; a question settles no statement of a note, that is for its chapter [question]`,
    ]);
  });
});

describe('npm run pages', () => {
  it('writes the start page, the errata, the counts and the paths, and is idempotent', () => {
    const cells = good().filter(({ id }) => !id.startsWith('way-'));
    const wrong = { ...entry, id: 'C03', verdict: 'wrong', settled: 'open', notebook: planned.notebook };
    const { root, readme } = makeFolder({ cells, claims: [entry, planned, wrong] });
    expect(stalePages(root, readme)).toHaveLength(5);
    expect(lintAll(root, readme).filter((text: string) => text.endsWith('npm run pages'))).toHaveLength(5);
    expect(writePages(root, readme)).toHaveLength(5);
    expect([stalePages(root, readme), writePages(root, readme)]).toEqual([[], []]);
    expect(lintAll(root, readme)).toEqual([]);
    expect(fs.readFileSync(readme, 'utf8')).toBe(
      'Before.\n\n<!-- counts -->\nThere are 1 chapter, and 1 more is planned. Claims: 2 holds, 1 wrong · 1 measured, 2 open.\n' +
        '<!-- /counts -->\n\nAfter.\n',
    );
    const opening = JSON.parse(fs.readFileSync(path.join(root, '00-start-here.ipynb'), 'utf8')).cells as Cell[];
    expect(opening.map(({ id }) => id).slice(0, 3)).toEqual(['title', 'opening', 'play']);
    expect(opening[1]!.outputs).toHaveLength(1);
    const written = JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')).cells as Cell[];
    const way = '002-downhill-way-on';
    expect(written.map(({ id }) => id).filter((id) => id.includes('way-'))).toEqual([way]);
    expect(written.at(-1)!.id).toBe(way);
    const errata = fs.readFileSync(path.join(root, 'errata.md'), 'utf8');
    expect(errata).toMatch(
      /\n## Wrong as written, .*\n\n### Note 002: Descent\n\n.*\n.*\n\| C03 \| {2}\| A sentence\. \| {2}\| open \|\n$/,
    );
    const start = fs.readFileSync(path.join(root, '00-start-here.ipynb'), 'utf8');
    expect(start).toContain('- [Which way?](002-descent/01-downhill.ipynb): slopes');
    expect(start).toContain('[slopes](002-descent/01-downhill.ipynb)');
    expect(start).toContain('1. [Which way?](002-descent/01-downhill.ipynb): slopes');
    expect(start).not.toContain('\n2. ');
    expect(start).not.toContain('How large?');
  });

  it('shows the first figures of the suggested starts', () => {
    const picture = shown({ 'application/vnd.plotly.v1+json': { data: [] }, 'image/png': 'iVBOR' });
    const [note] = map.notes;
    const both = note!.notebooks.map((one) => ({ ...one, state: 'ready' }));
    const { root, readme } = makeFolder({
      map: {
        ...map,
        notes: [{ ...note, notebooks: both }],
        playFirst: [...map.playFirst, { ref: '002/step', sentence: 'Choose.' }],
      },
      claims: [entry],
      files: {
        '002-descent/02-step.ipynb': {
          cells: [code('a', 'show();', picture)],
          metadata: {},
          nbformat: 4,
          nbformat_minor: 5,
        },
      },
    });
    writePages(root, readme);
    const cells: (Cell & { attachments?: object })[] = JSON.parse(
      fs.readFileSync(path.join(root, '00-start-here.ipynb'), 'utf8'),
    ).cells;
    const play = cells.find(({ id }) => id === 'play')!;
    expect(play.attachments).toEqual({ '002-step.png': { 'image/png': 'iVBOR' } });
    expect([play.source].flat().join('').split('\n')).toEqual([
      'Or begin with one of these:',
      '',
      '|  | <img src="attachment:002-step.png" width="220" alt="The first figure of How large?"> |',
      '| :-- | :-- |',
      '| **[Which way?](002-descent/01-downhill.ipynb)**<br>Guess. | **[How large?](002-descent/02-step.ipynb)**<br>Choose. |',
    ]);
  });
});
