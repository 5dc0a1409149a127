// Every name that gradlab exports: a cell that lacks it gets the import line, and runs with it. Also misspelt names,
// PyTorch's names, and options.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasHint } from '../../../kernel-setup/kernel/compiler/hints';
import { ExportReader, type Use } from '../../../kernel-setup/kernel/compiler/module-exports';
import type { Compiler } from '../../../kernel-setup/kernel/compiler/types';
import { paths } from '../../../kernel-setup/setup/index.mjs';
import { nn, tensor } from '../../../src';
import { builtKernel, compilerFrom } from '../support/cell-session';

const doors: Readonly<Record<string, string>> = { gradlab: 'index', 'gradlab/lab': 'lab/index' };
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-advice-')));
const dist = path.join(paths.root, 'dist');
const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined);
const resolve = (id: string, from: string) =>
  ['.d.ts', '/index.d.ts']
    .map((end) => path.join(path.dirname(from), id.replace(/\.js$/, '') + end))
    .find(fs.existsSync);
const exported = Object.entries(doors).map(([door, file]) => {
  const { names } = new ExportReader({ read, resolve }).exportsOf(path.join(dist, `${file}.d.ts`));
  return [door, [...names].sort()] as const;
});
let compiler: Compiler;

beforeAll(async () => {
  const load = await builtKernel();
  process.chdir(folder);
  compiler = compilerFrom(load);
  compiler.compile('0');
});
afterAll(() => {
  compiler?.close();
  process.chdir(os.tmpdir());
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A line that uses a name as a value or as a type. */
const line = ([name, use]: readonly [string, Use]) => (use === 'type' ? `type It_${name} = ${name};` : `void ${name};`);
/** TypeScript's errors for a type without its type arguments: the name itself is found. */
const lacksArguments = new Set([2314, 2707]);
/** Mistakes per cell for which an import is proposed. */
const proposals = 3;

const inParts = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(size * i, size * (i + 1)));

/** The proposed line, by name. */
function proposed(names: readonly (readonly [string, Use])[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const some of inParts(names, proposals)) {
    const cell = compiler.compile(some.map(line).join('\n'));
    if (cell.ok) continue;
    for (const { line: at, hint = '' } of cell.diagnostics) {
      const [, text] = /^Try: `(import \{ .* \} from ".*";)`$/.exec(hint) ?? [];
      if (text !== undefined) found.set(some[at - 1][0], text);
    }
  }
  return found;
}

describe.each(exported)('%s', (door, names) => {
  const [first] = exported;
  const others = door === first[0] ? [] : first[1].map(([name]) => name);
  // `var` can only be a property; some names have specific advice.
  const own = names.filter(([name]) => !others.includes(name) && name !== 'var' && !hasHint(name));

  test('proposes the import of each missing name, and the cell compiles with it', () => {
    expect(own.length).toBeGreaterThan(30);
    const found = proposed(own);
    expect(own.filter(([name]) => !found.has(name))).toEqual([]);
    for (const text of found.values()) expect(text).toContain(`from "${door}"`);
    for (const some of inParts(own, 50)) {
      const cell = compiler.compile([...some.map(([name]) => found.get(name)), ...some.map(line)].join('\n'));
      const mistakes = cell.ok ? [] : cell.diagnostics.filter(({ code }) => !lacksArguments.has(code));
      expect(mistakes).toEqual([]);
    }
  });

  test('a name proposed as a value has one when the cell runs', async () => {
    const values = await import(path.join(dist, `${doors[door]}.js`));
    const missing = names.filter(([name, use]) => use === 'value' && !(name in values));
    expect(missing).toEqual([]);
  });
});

/** The advice for each line; undefined if the cell has no such error. */
function triedFor(before: string, lines: readonly string[]): (string | undefined)[] {
  return inParts(lines, proposals).flatMap((some) => {
    const cell = compiler.compile([before, ...some].join('\n'));
    const hints = cell.ok ? [] : cell.diagnostics.map(({ line: at, hint = '' }) => [at, hint] as const);
    return some.map((_, i) => /^Try: `(.*)`$/.exec(hints.find(([at]) => at === i + 2)?.[1] ?? '')?.[1]);
  });
}
const mistakesOf = (source: string) => {
  const cell = compiler.compile(source);
  return cell.ok ? [] : cell.diagnostics.map(({ message }) => message);
};
const inSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

test.each(exported)('a misspelt import from %s', (door, names) => {
  const all = names.map(([name]) => name);
  const misspelt = all
    .filter((name) => name.length > 3)
    .map((name) => `import { ${name + name.at(-1)} } from "${door}";`);
  const tried = triedFor('', misspelt);
  expect(misspelt.filter((_, i) => tried[i] === undefined)).toEqual([]);
  expect(mistakesOf([...new Set(tried)].join('\n'))).toEqual([]);
});

test("maps PyTorch's names to ours", () => {
  const before = 'import { tensor, nn } from "gradlab"; const x = tensor([1]), f = nn.functional;';
  const ofTensor = ['x', Object.getOwnPropertyNames(Object.getPrototypeOf(tensor([1])))] as const;
  const ofFunctional = ['f', Object.keys(nn.functional)] as const;
  const all = [ofTensor, ofFunctional].flatMap(([owner, names]) =>
    names
      .filter((name) => /^[a-z]+[A-Z]/.test(name) && !/[A-Z]{2}/.test(name) && name.length > 3)
      .map((name) => [`${owner}.${inSnakeCase(name)};`, `${owner}.${name};`] as const),
  );
  const cell = compiler.compile([before, ...all.map(([, meant]) => meant)].join('\n'));
  const internal = new Set(cell.ok ? [] : cell.diagnostics.map(({ line: at }) => at - 2));
  const lines = all.filter((_, i) => !internal.has(i));
  expect(lines.length).toBeGreaterThan(100);
  const tried = triedFor(
    before,
    lines.map(([typed]) => typed),
  );
  expect(lines.flatMap(([typed, meant], i) => (tried[i] === meant ? [] : [[typed, tried[i]]]))).toEqual([]);
});

test.each([
  ['new optim.SGD(p, { lrr: 0.1 });', 'new optim.SGD(p, { lr: 0.1 });'],
  ['new optim.Adam(p, { lr: 0.1, weight_decay: 1 });', 'new optim.Adam(p, { lr: 0.1, weightDecay: 1 });'],
  ['new nn.Linear(1, 1, { biass: false });', 'new nn.Linear(1, 1, { bias: false });'],
  ['x.sum(0, { keepDim: true });', 'x.sum(0, { keepdim: true });'],
  ['optim.Adam(p, { lr: 1 });', 'new optim.Adam(p, { lr: 1 });'],
])('a misspelt option, and a class without new: %s', (typed, meant) => {
  const before =
    'import { tensor, nn, optim } from "gradlab"; const x = tensor([1]), p = new nn.Linear(1, 1).parameters();';
  expect(triedFor(before, [typed])).toEqual([meant]);
  expect(mistakesOf(`${before}\n${meant}`)).toEqual([]);
});
