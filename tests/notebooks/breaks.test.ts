import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { chooser } from '../../tools/breaks/chooser.mjs';
import { refuses } from '../../tools/breaks/library.mjs';
import { type Break, breaksIn, broken } from '../../tools/breaks/mutations.mjs';
import { importsOf, neededByClaims, staysWhole } from '../../tools/breaks/needed.mjs';
import { hasMoved, makeWorkshop } from '../../tools/breaks/workshop.mjs';

const changed = (text: string, found: Break[]) => found.map((one) => broken(text, one));

describe('breaks', () => {
  it('are typical mistakes, each at one position', () => {
    const text = 'const y = -a.abs() + 0.5 * x[1] < 2 === true;';
    expect(changed(text, breaksIn(text))).toEqual([
      'const y = a.abs() + 0.5 * x[1] < 2 === true;',
      'const y = -a + 0.5 * x[1] < 2 === true;',
      'const y = -a.abs() - 0.5 * x[1] < 2 === true;',
      'const y = -a.abs() + 0.55 * x[1] < 2 === true;',
      'const y = -a.abs() + 0.5 / x[1] < 2 === true;',
      'const y = -a.abs() + 0.5 * x[2] < 2 === true;',
      'const y = -a.abs() + 0.5 * x[1] >= 2 === true;',
      'const y = -a.abs() + 0.5 * x[1] < 3 === true;',
      'const y = -a.abs() + 0.5 * x[1] < 2 !== true;',
      'const y = -a.abs() + 0.5 * x[1] < 2 === false;',
    ]);
    const loop = 'for (;;) {\n  adam.zeroGrad();\n  checkShape(a);\n}';
    expect(breaksIn(loop)).toMatchObject([{ line: 2, was: 'adam.zeroGrad();', text: ';', about: 'adam.zeroGrad();' }]);
  });

  it('keep texts, types, imports and excluded parts unchanged', () => {
    for (const text of ["const s = 'a' + b + `c`;", 'type P = [1, 2];', "import { a } from 'b-1';"])
      expect(breaksIn(text)).toEqual([]);
    const claim = 'claims({ N01: () => [{ name: "a" + 1, value: x + 1, below: 0.5, tolerance: 1e-3 }] });';
    expect(changed(claim, breaksIn(claim, { skips: staysWhole })).map((one) => /value: (.*?),/.exec(one)![1])).toEqual([
      'x - 1',
      'x + 2',
    ]);
    for (const text of ['manualSeed(3);', 'const seeds = [1, 2];', 'plot.curves([1]);', 'learn({ seed: 3 });'])
      expect(breaksIn(text, { skips: staysWhole })).toEqual([]);
  });

  it('load imports cell by cell, since two may import the same name', () => {
    const code = (source: string) => ({ cell_type: 'code', source });
    const [a, b] = ['import { cat, linalg } from "gradlab";', 'import { linalg } from "gradlab";'];
    const cells = [{ cell_type: 'markdown', source: 'import nothing' }, code(`${a}\nconst x = 1;`), code('x'), code(b)];
    expect(importsOf({ cells }).cells).toEqual([code(a), code(b)]);
  });

  it('of the library skip checks that only throw, but no computation', () => {
    for (const text of [
      'if (d < 0 || n > 2) throw new ShapeError("a", 3);',
      'if (d !== 2) { const n = d + 1; throw new Error(n); }',
      'checkShape(a, 2 * d);',
      'if (kind !== 1) requireOneOf(kind, [1, 2]);',
    ])
      expect(breaksIn(text, { skips: refuses })).toEqual([]);
    for (const text of [
      'if (d < 0) d += n;',
      'if (left-- === 0) throw new Error("a");',
      'if ((y = 2 * d) < 0) throw new Error("a");',
      'if (d < 0) throw new Error("a"); else y = 2;',
      'const y = checkShape(a, 2);',
    ])
      expect(breaksIn(text, { skips: refuses }).length).toBeGreaterThan(0);
  });

  it('are reproducible with the same seed, and differ with another', () => {
    const drawn = (seed: number) => Array.from({ length: 5 }, () => chooser(seed).share());
    const long = (seed: number) => {
      const choose = chooser(seed);
      return Array.from({ length: 1000 }, () => choose.share());
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(long(1)).not.toEqual(long(2));
    const mean = long(3).reduce((a, b) => a + b) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(['a', 'b']).toContain(chooser(4)(['a', 'b']));
  });
});

const code = (id: string, source: string) => ({
  cell_type: 'code',
  id,
  source,
  metadata: {},
  outputs: [],
  execution_count: null,
});

it('of a notebook affect what its claims call and their side effects, not figures or exercises', () => {
  const { cells } = neededByClaims({
    cells: [
      { cell_type: 'markdown', source: '# A' },
      code('a', 'import { manualSeed } from "gradlab";\nmanualSeed(1);\nconst [a, b] = [1, 2];\nconst unused = 3;'),
      code('b', 'const drawn = a + unused;\nshow(plot.curves([drawn]));\nfor (const x of [a]) learn(x);'),
      code('c', 'exercise("one", 1);\nconsole.log(b);'),
      code(
        'd',
        'const double = (x: number) => 2 * x;\nclaims({ N01: () => [{ name: "d", value: double(b), below: 5 }] });',
      ),
    ],
  });
  expect(cells.map(({ source }) => source)).toEqual([
    'import { manualSeed } from "gradlab";\nmanualSeed(1);\nconst [a, b] = [1, 2];',
    'for (const x of [a]) learn(x);',
    'const double = (x: number) => 2 * x;\nclaims({ N01: () => [{ name: "d", value: double(b), below: 5 }] });',
  ]);
});

it('of a notebook skip code after the last claim, and properties with a used name', () => {
  const { cells } = neededByClaims({
    cells: [
      code('a', 'import { claims } from "gradlab/lab";\nconst [left, right, size] = [1, 2, 3];'),
      code('b', 'const both = { left: 3, right };\nclaims({ N01: () => [{ name: "l", value: both.left }] });'),
      code('c', 'let sum = 0;\nfor (const one of [left, size]) sum += one;\nconst again = both.size;'),
    ],
  });
  expect(cells).toMatchObject([{ id: 'a' }, { id: 'b' }]);
  const { cells: others } = neededByClaims({
    cells: [
      code('a', 'import { claims } from "gradlab/lab";\nconst left = 1;\nconst right = 2;\nconst size = 3;'),
      code('b', 'const both = { left: 3, right, ["size" + size]: 4 };'),
      code('c', 'claims({ N01: () => [{ name: "l", value: both.left }] });'),
    ],
  });
  expect(others[0]!.source).toBe('import { claims } from "gradlab/lab";\nconst right = 2;\nconst size = 3;');
});

it('of a notebook skip parameters and local variables with a used name', () => {
  const needed = (...sources: string[]) =>
    neededByClaims({ cells: sources.map((source, i) => code(`${i}`, source)) }).cells.map(({ source }) => source);
  const claim = 'claims({ N01: () => [{ name: "d", value: twice(two), below: 5 }] });';
  for (const own of [
    'const twice = (one) => one + one;',
    'const twice = (x) => { const [one] = [x]; return one + one; };',
    'function twice(one) { return one + one; }',
    'const twice = (x) => { for (const one of [x]) return one + one; };',
  ])
    expect(needed('const one = 1;', 'const two = 2;', own, claim)).toEqual(['const two = 2;', own, claim]);
  for (const of of [
    'const twice = (x) => one + x;',
    'const twice = (x) => { { const one = x; } return one; };',
    'const twice = (x = one) => x;',
    'const twice = (x) => { for (const y of [x]) x += one; return x; };',
  ])
    expect(needed('const one = 1;', 'const two = 2;', of, claim)).toEqual([
      'const one = 1;',
      'const two = 2;',
      of,
      claim,
    ]);
});

it('a measurement has moved if its first four digits change', () => {
  const moved = (was?: number, is?: number) => hasMoved({ was, is });
  for (const [was, is] of [
    [0.5, 0.5001],
    [-1e-9, 1e-9],
    [0, 1e-12],
    [1, Number.NaN],
    [Number.POSITIVE_INFINITY, 3],
    [undefined, 1],
  ])
    expect(moved(was, is), `${was} → ${is}`).toBe(true);
  for (const [was, is] of [
    [0.5, 0.50001],
    [2, 2],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])
    expect(moved(was, is), `${was} → ${is}`).toBe(false);
});

describe('a workshop', () => {
  let root: string;
  let workshop: ReturnType<typeof makeWorkshop>;
  beforeAll(() => {
    // Inside the project, so that cells find gradlab.
    root = fs.mkdtempSync(path.join(paths.state, 'breaks-'));
    const cells = [
      code('a', 'import { tensor } from "gradlab";\nimport { claims } from "gradlab/lab";'),
      code('b', 'const x = tensor([0.5], { dtype: "float64", requiresGrad: true });\nx.tanh().sum().backward();'),
      code(
        'c',
        'claims({ N01: () => [{ name: "slope", value: x.grad!.item(), expected: 1 / Math.cosh(0.5) ** 2, ' +
          'tolerance: 1e-9 }] });\nclaims({ N02: () => [{ name: "some", value: 4 * 0.2, below: 1000 }, ' +
          '{ name: "many", value: Math.sign(3), above: 0 }] });',
      ),
      // A time differs in each run, whatever is broken.
      code('d', 'claims({ N03: () => ({ name: "time", value: performance.now(), above: Number.MIN_VALUE }) });'),
    ];
    const notebook = {
      cells: cells.map((cell) => ({ ...cell, source: cell.source.split(/(?<=\n)/) })),
      metadata: { kernelspec: { name: 'gradlab', display_name: 'TypeScript', language: 'typescript' } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    fs.writeFileSync(path.join(root, 'a.ipynb'), JSON.stringify(notebook));
    const entry = (id: string) => ({
      id,
      verdict: 'holds',
      settled: 'measured',
      sentence: 'A sentence.',
      notebook: 'a.ipynb',
    });
    workshop = makeWorkshop({ root, entries: ['N01', 'N02', 'N03'].map(entry), timeout: 300 });
  });
  afterAll(() => {
    workshop.close();
    fs.rmSync(root, { recursive: true });
  });

  /** One break that was tried. */
  async function broken(place: 'cell' | 'library', luck: number) {
    const tried = await workshop.tryOne('a.ipynb', place, luck);
    if (tried.lacks !== undefined) throw new Error(tried.lacks);
    return tried;
  }

  it('detects the breaks that a claim notices, and those that it cannot', async () => {
    const tried: unknown[] = [];
    for (const luck of [0.01, 0.88, 0.99]) {
      const { was, text, noticed, moved } = await broken('cell', luck);
      tried.push([`${was} → ${text}`, noticed ?? moved]);
    }
    expect(tried).toEqual([
      ['0.5 → 0.55', expect.stringContaining('claim N01 failed: slope: 0.749')],
      ['0.2 → 0.22', [{ id: 'N02', name: 'some', was: 0.8, is: 0.88 }]],
      ['3 → 4', []],
    ]);
  });

  it('breaks rules of the library that ran, and leaves its build unchanged', async () => {
    const build = path.join(paths.root, 'dist/core.js');
    const before = fs.readFileSync(build, 'utf8');
    const { at, line, was, about } = await broken('library', 0.5);
    expect(at).toMatch(/^src\/(autograd|kernels|ops|tensor)\//);
    expect(fs.readFileSync(path.join(paths.root, at), 'utf8').split('\n').length).toBeGreaterThan(line!);
    expect(about).toContain(was.split('\n')[0]);
    expect(fs.readFileSync(build, 'utf8')).toBe(before);
  });

  it('tries nothing if the claims already fail', async () => {
    const other = makeWorkshop({ root, entries: [], timeout: 300 });
    const none = { ...JSON.parse(fs.readFileSync(path.join(root, 'a.ipynb'), 'utf8')) };
    none.cells[1].source = ['const x = 1;'];
    fs.writeFileSync(path.join(root, 'b.ipynb'), JSON.stringify(none));
    expect(await other.tryOne('b.ipynb', 'cell', 0)).toEqual({
      lacks: expect.stringContaining('do not pass as it stands'),
    });
    other.close();
  });

  it('reports a notebook that does not end in time', async () => {
    const hasty = makeWorkshop({ root, entries: [], timeout: 5 });
    const endless = JSON.parse(fs.readFileSync(path.join(root, 'a.ipynb'), 'utf8'));
    endless.cells[1].source = ['for (;;);'];
    fs.writeFileSync(path.join(root, 'c.ipynb'), JSON.stringify(endless));
    expect(await hasty.tryOne('c.ipynb', 'cell', 0)).toEqual({
      lacks: expect.stringContaining('do not pass as it stands: (timeout'),
    });
    hasty.close();
  });
});
