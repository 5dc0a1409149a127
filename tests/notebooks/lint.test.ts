// Every rule catches a notebook that breaks it; and the project's own notebooks keep them all.
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
/** A cell of code that is folded, with a line that says what it does. */
const folded = (id: string, source: string, ...outputs: object[]): Cell => ({
  ...code(id, `// does it\n${source}`, ...outputs),
  metadata: { jupyter: { source_hidden: true } },
});
const shown = (data: object) => ({ output_type: 'display_data', metadata: {}, data });
/** A question with its right answer and wrong ones, over a figure. */
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
const map = {
  notes: [
    {
      number: '002',
      letter: 'C',
      folder: '002-descent',
      title: 'Descent',
      notebooks: [
        { file: '01-downhill.ipynb', title: 'Which way?', about: 'slopes', before: [], state: 'ready' },
        { file: '02-step.ipynb', title: 'How large?', about: 'rates', before: ['002/01'], state: 'planned' },
      ],
    },
  ],
  learningOrder: ['002/01'],
  thenInAnyOrder: [],
  finally: ['002/02'],
  playFirst: [{ ref: '002/01', sentence: 'Guess.' }],
};
const entry = { id: 'C01', verdict: 'holds', settled: 'measured', sentence: 'A sentence.', notebook: file };
const planned = { ...entry, id: 'C02', settled: 'open', notebook: '002-descent/02-step.ipynb' };

/** A notebook that keeps every rule. */
const good = (): Cell[] => [
  text('title', '# Which way?\n\nDownhill.'),
  text('way-in', '*What to know before: nothing*'),
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

/** What the lint says of such a folder, its pages written. */
function lint(given: Folder) {
  const { root, readme } = makeFolder(given);
  const problems: string[] = lintAll(root, readme);
  return { problems: problems.filter((problem) => !problem.endsWith('is stale: npm run pages')) };
}

/** The good notebook with some cells replaced by others, by id. */
const replaced = (changes: Record<string, Cell | Cell[] | null>) =>
  good().flatMap((cell) => (cell.id in changes ? (changes[cell.id] ?? []) : cell));

const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');

it("the project's notebooks keep the rules, and the pages written from the map are current", () => {
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

describe('the lint', () => {
  it('is content with a good notebook', () => {
    expect(lint({})).toEqual({ problems: [] });
  });

  it.each<[string, Record<string, Cell | Cell[] | null>, string]>([
    ['another title', { title: text('title', '# Downhill') }, 'must begin with a cell "# Which way?"'],
    ['no way in', { 'way-in': null }, 'the cell way-in, which leads to other notebooks, is missing'],
    [
      'an old way on',
      { 'way-on': text('way-on', 'next') },
      'the cell way-on, which leads to other notebooks, is stale',
    ],
    ['a long line', { move: code('move', `// ${'x'.repeat(86)}`, figure()) }, 'cell move has a line of 89 characters'],
    [
      'what stock tslab does not know',
      { move: code('move', 'const at = [1].findLastIndex((x) => x > 0);', figure()) },
      'cell move calls .findLastIndex(…), which ES2022 does not have',
    ],
    ['much text', { note: text('note', `## In the note\n\n${words(2200)}`) }, 'words; at most 2200'],
    [
      'a late start',
      { 'way-in': [text('way-in', good()[1]!.source), text('more', words(130))] },
      'words before the first',
    ],
    ['a long stretch of text', { why: text('why', words(251)) }, 'cell c01 comes after 251 words between two things'],
    ['no prediction first', { ask: null }, 'must open with a prediction and a figure'],
    [
      'no figure first',
      { move: code('move', 'show(1);', shown({ 'text/plain': '1' })) },
      'must open with a prediction',
    ],
    ['a claim in sight', { c01: code('c01', 'claim("C01", f);', claim('C01')) }, 'cell c01 asks, measures or imports'],
    ['claims in sight', { c01: code('c01', 'if (x) claims({ C01: f });', claim('C01')) }, 'cell c01 asks, measures or'],
    [
      'a question in sight',
      { ask: code('ask', 'predict("downhill");', shown({})) },
      'cell ask asks, measures or imports',
    ],
    [
      'imports in sight',
      { setup: code('setup', 'import { a } from "gradlab";') },
      'cell setup asks, measures or imports',
    ],
    [
      'folded code that does not say what it does',
      { c01: { ...folded('c01', '', claim('C01')), source: 'claim("C01", f);' } },
      'cell c01 is folded and has no first line',
    ],
    ['an unknown claim', { c01: code('c01', '', claim('C01'), claim('Z99')) }, 'claim Z99 is not in claims.json'],
    ['a claim twice', { c01: code('c01', '', claim('C01'), claim('C01')) }, 'claim C01 is asserted twice'],
    ['a claim left out', { c01: null }, 'claim C01 is in claims.json and was not asserted'],
    [
      "another notebook's claim",
      { c01: code('c01', '', claim('C01'), claim('C02')) },
      'claim C02 belongs to 002-descent/02',
    ],
    ['a broken claim', { c01: code('c01', '', claim('C01', { verdict: 'failed' })) }, 'claim C01 failed'],
    ['megabytes', { why: code('why', '', shown({ 'image/png': 'x'.repeat(1_000_000) })) }, 'is 1.00 MB; at most 1'],
    ['many 3-D figures', { why: code('why', '', ...Array(7).fill(figure('surface'))) }, 'has 7 live 3-D figures'],
    ['a dead link', { why: text('why', '[gone](03-gone.ipynb#top)') }, 'cell why links to 002-descent/03-gone.ipynb'],
    [
      'a link to a cell that is gone',
      { why: text('why', '[up](#cell-id=002-01-gone)') },
      'cell why links to the cell gone of',
    ],
    [
      'a link to a cell that JupyterLab does not follow',
      { why: text('why', '[up](#cell-why)') },
      'cell why links to #cell-why; JupyterLab finds cells by #cell-id=',
    ],
    [
      'a sign that KaTeX does not know',
      { why: text('why', 'At $x = ½$.') },
      'cell why has a formula: the formula x = ½',
    ],
    [
      'a formula in an output that cannot be set',
      { why: code('why', '', shown({ 'text/html': '<p>$\\frac{1}$</p>' })) },
      'cell why has a formula: the formula \\frac{1} cannot be set',
    ],
    ['a hint', { ex1: code('ex1', 'check(a)', shown({ 'text/plain': '… Not yet. Look.' })) }, 'cell ex1 prints a hint'],
    ['an exercise that speaks', { ex1: code('ex1', 'exercise("one", 3)', shown({})) }, 'cell ex1 prints a hint'],
    [
      'an unknown prediction',
      { why: folded('why', 'predict("uphill")') },
      'predict("uphill") is not in the file beside',
    ],
    [
      'a prediction twice',
      { why: folded('why', 'predict("downhill")') },
      'predict("downhill") stands here a second time',
    ],
    ['a forgotten exercise', { ex2: code('ex2', '1') }, 'exercise("two") is in the file beside the notebook and never'],
    ['one exercise', { ex2: code('ex2', '1') }, 'calls exercise 1 times'],
    ['no summary', { short: null }, 'has no cell "## In short"'],
    ['a long summary', { short: text('short', `## In short\n${'\n- a'.repeat(8)}`) }, 'says "in short" in 8 points'],
    [
      'claims that tell an answer',
      { why: text('why', 'On.') },
      'cell c01 tells what question "downhill" asks: give claims({ … }, { after: "downhill" })',
    ],
    ['a reason in sight', { move: text('move', 'Because it falls.') }, 'cell move stands in sight under a question'],
    [
      'a summary that nothing backs',
      { short: text('short', '## In short\n\n- Uphill (C02).') },
      'says what no claim of this page and no figure backs: "Uphill (C02).',
    ],
    [
      'a right answer that is much the longest',
      { ask: asks('Down, where the slope of the ground is steepest', 'Up') },
      'question "downhill" gives itself away: its right answer is much the longest',
    ],
    [
      'wrong answers that alone argue',
      { ask: asks('Down', 'Up: it has been there before', 'Nowhere: it has not moved until now') },
      'question "downhill" gives itself away: only its right answer gives no reason',
    ],
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
      'an answer in sight below its figure, behind the reason that is folded',
      {
        ask: asks('To the frozen north', 'Up', 'Nowhere'),
        move: text('move', '<details><summary>Why</summary>\n\nSo.\n\n</details>\n\nIt ends *frozen*, in the north.'),
      },
      'cell move answers question "downhill" in sight below it: frozen, north',
    ],
    ['no exercises', { exercises: null }, 'has no cell "## Exercises"'],
    ['no map to the note', { note: null }, 'has no cell "## In the note"'],
    [
      'a section by a name that it no longer has',
      {
        note: text(
          'note',
          '## In the note\n\n## 1 · Is |r| flat?\n\n## 2 · And then?\n\n| here | note |\n|:--|:--|\n| 1 Is \\|r\\| flat?, 2 Uphill? | there |',
        ),
      },
      'cell note names section 2 "Uphill?"; its heading is "And then?"',
    ],
    [
      'a section that is gone',
      { note: text('note', '## In the note\n\n| here | note |\n|:--|:--|\n| 3 What next? | there |') },
      'cell note names section 3 "What next?"; its heading is "(none)"',
    ],
  ])('catches %s', (_, changes, message) => {
    const { problems } = lint({ cells: replaced(changes) });
    expect(problems.join('\n')).toContain(message);
    for (const problem of problems) expect(problem).toMatch(/^002-descent\/01-downhill\.ipynb: .* \[\w+\]$/);
  });

  it('takes an answer below a question that is folded, that two sentences share, or that stands in another section', () => {
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

  it('catches a question whose words have changed since it was asked', () => {
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

  it('counts neither folded text, nor formulas, nor code in text as words', () => {
    const folded = `<details><summary>Solution</summary>\n${words(300)}\n</details>`;
    const why = text(
      'why',
      `## 1\n\n${folded}\n\n$$${words(300)}$$\n\n\`\`\`ts\n${words(300)}\n\`\`\`\n\n${words(247)}`,
    );
    expect(lint({ cells: replaced({ why }) }).problems).toEqual([]);
  });

  it('allows a gallery of pictures two megabytes', () => {
    const gallery = structuredClone(map);
    Object.assign(gallery.notes[0]!.notebooks[0]!, { gallery: true });
    const more = code('more', '', shown({ 'image/png': 'x'.repeat(1_500_000) }));
    expect(lint({ cells: [...good(), more], map: gallery }).problems).toEqual([]);
  });

  it('allows at most fifteen claims', () => {
    const ids = Array.from({ length: 16 }, (_, i) => `C${i + 10}`);
    const { problems } = lint({
      cells: replaced({
        c01: code('c01', '', ...ids.map((id) => claim(id))),
        short: text('short', '## In short\n\n- Downhill (C10).'),
      }),
      claims: [...ids.map((id) => ({ ...entry, id })), planned],
    });
    expect(problems).toEqual([expect.stringContaining('has 16 claims; at most 15')]);
  });

  it('reads what is no notebook as a problem', () => {
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
      'a notebook that is not there',
      (copy) => Object.assign(second(copy), { state: 'ready' }),
      'is ready, says the map, and not there',
    ],
    [
      'a notebook that is there',
      (copy) => Object.assign(first(copy), { state: 'planned' }),
      'is there, and only planned',
    ],
    [
      'a lesson without a subject',
      (copy) => Object.assign(first(copy), { about: '' }),
      'does not say what it is about',
    ],
    ['a strange state', (copy) => Object.assign(second(copy), { state: 'soon' }), 'state "soon"'],
    ['a strange need', (copy) => Object.assign(first(copy), { needs: 'cats' }), 'needs "cats"; only fashion-mnist'],
    ['a strange name', (copy) => Object.assign(second(copy), { file: '02 step.ipynb' }), 'is not named like'],
    ['a number twice', (copy) => Object.assign(second(copy), { file: '01-step.ipynb' }), 'shares its number 002/01'],
    [
      'an unknown prerequisite',
      (copy) => Object.assign(first(copy), { before: ['009/01'] }),
      'needs 009/01, which is not in',
    ],
    [
      'a later prerequisite',
      (copy) => Object.assign(first(copy), { before: ['002/02'] }),
      'comes before 002/02 in the learning order',
    ],
    [
      'an order with a gap',
      (copy) => Object.assign(copy, { finally: [] }),
      'must stand exactly once in the learning order',
    ],
    [
      'an order with a stranger',
      (copy) => Object.assign(copy, { playFirst: [{ ref: '009/01', sentence: 'Guess.' }] }),
      '009/01 is in an order of the map',
    ],
  ])('is refused with %s', (_, change, message) => {
    expect(changed(change)).toContain(message);
  });

  it('and the folder name the same notebooks, and the claims none that is only planned', () => {
    const stray = lint({ files: { '002-descent/09-stray.ipynb': '{}' } }).problems.join('\n');
    expect(stray).toContain('002-descent/09-stray.ipynb is not in the map');
    const claims = [entry, { ...planned, notebook: '002-descent/07-none.ipynb' }];
    expect(lint({ claims }).problems.join('\n')).toContain('C02: 002-descent/07-none.ipynb is not in map.json');
    const early = lint({ claims: [entry, { ...planned, settled: 'read' }] }).problems.join('\n');
    expect(early).toContain('C02: is read, but 002-descent/02-step.ipynb is only planned');
  });

  it('leads along the learning order to lessons of whatever note, and to what is to be known before', () => {
    const three = structuredClone(map);
    const { notebooks } = three.notes[0]!;
    notebooks.push({
      file: '03-ball.ipynb',
      title: 'A ball?',
      about: 'momentum',
      before: ['002/01', '002/02'],
      state: 'ready',
    });
    const path = { file: '01-path.ipynb', title: 'A path?', about: 'walks', before: [], state: 'ready' };
    three.notes.push({ number: '003', letter: 'D', folder: '003-noise', title: 'Noise', notebooks: [path] });
    three.learningOrder = ['002/01', '003/01', '002/02', '002/03'];
    const { root } = makeFolder({ map: three });
    const read = readMap(root);
    expect(wayCells(read, entryOf(read, '002/03'))).toEqual({
      'way-in': '*What to know before: [002/01 Which way?](01-downhill.ipynb) · 002/02 How large?*',
      'way-on': '← [003/01 A path?](../003-noise/01-path.ipynb) · [start page](../00-start-here.ipynb)',
    });
    const counted = { ...entryOf(read, '002/03'), before: [], mathematics: 'what a variance is' };
    expect(wayCells(read, counted)['way-in']).toBe('*What to know before: what a variance is*');
    expect(wayCells(read, entryOf(read, '002/01'))['way-on']).toBe(
      '[start page](../00-start-here.ipynb) · [003/01 A path?](../003-noise/01-path.ipynb) →',
    );
  });
});

describe('npm run pages', () => {
  it('writes the start page, the errata, the counts and the ways, and then nothing more', () => {
    const cells = good().filter(({ id }) => !id.startsWith('way-'));
    const wrong = { ...entry, id: 'C03', verdict: 'wrong', settled: 'open', notebook: planned.notebook };
    const { root, readme } = makeFolder({ cells, claims: [entry, planned, wrong] });
    expect(stalePages(root, readme)).toHaveLength(5);
    expect(lintAll(root, readme).filter((text: string) => text.endsWith('npm run pages'))).toHaveLength(5);
    expect(writePages(root, readme)).toHaveLength(5);
    expect([stalePages(root, readme), writePages(root, readme)]).toEqual([[], []]);
    expect(lintAll(root, readme)).toEqual([]);
    expect(fs.readFileSync(readme, 'utf8')).toBe(
      'Before.\n\n<!-- counts -->\n2 lessons are planned, 1 of them ready; 0 notebooks take up the notes line by line. Claims: 2 holds, 1 wrong · 1 measured, 2 open.\n' +
        '<!-- /counts -->\n\nAfter.\n',
    );
    const opening = JSON.parse(fs.readFileSync(path.join(root, '00-start-here.ipynb'), 'utf8')).cells as Cell[];
    expect(opening.map(({ id }) => id).slice(0, 3)).toEqual(['title', 'opening', 'play']);
    expect(opening[1]!.outputs).toHaveLength(1);
    const written = JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')).cells as Cell[];
    const ways = ['002-01-way-in', '002-01-way-on'];
    expect(written.map(({ id }) => id).filter((id) => id.includes('way-'))).toEqual(ways);
    expect([written[1]!.id, written.at(-1)!.id]).toEqual(ways);
    const errata = fs.readFileSync(path.join(root, 'errata.md'), 'utf8');
    expect(errata).toMatch(
      /\n## Wrong as written, .*\n\n### Note 002: Descent\n\n.*\n.*\n\| C03 \| A sentence\. \| {2}\| open \|\n$/,
    );
    const start = fs.readFileSync(path.join(root, '00-start-here.ipynb'), 'utf8');
    expect(start).toContain('| 1 | [002/01 Which way?](002-descent/01-downhill.ipynb) | slopes |  |');
    expect(start).toContain('1 more are planned</summary>');
    expect(start).toContain('- 002/02 How large?');
  });

  it('shows the first figures of the lessons to play with first, but of the one that the start page opens with', () => {
    const picture = shown({ 'application/vnd.plotly.v1+json': { data: [] }, 'image/png': 'iVBOR' });
    const [note] = map.notes;
    const both = note!.notebooks.map((one) => ({ ...one, state: 'ready' }));
    const { root, readme } = makeFolder({
      map: {
        ...map,
        notes: [{ ...note, notebooks: both }],
        playFirst: [...map.playFirst, { ref: '002/02', sentence: 'Choose.' }],
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
    expect(play.attachments).toEqual({ '002-02.png': { 'image/png': 'iVBOR' } });
    expect([play.source].flat().join('').split('\n')).toEqual([
      'The figure above opens **[002/01 Which way?](002-descent/01-downhill.ipynb)**. Others to play with first:',
      '',
      '| | |',
      '|:--|:--|',
      '| <img src="attachment:002-02.png" width="200" alt="The first figure of 002/02"> | **[002/02 How large?](002-descent/02-step.ipynb)**<br>Choose. |',
    ]);
  });
});
