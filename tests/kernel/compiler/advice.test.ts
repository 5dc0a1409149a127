// Every name that gradlab exports: a cell that lacks it says from where to import it, and with that line the cell runs.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasHint } from '../../../kernel-setup/kernel/compiler/hints';
import { ExportReader, type Use } from '../../../kernel-setup/kernel/compiler/module-exports';
import type { Compiler } from '../../../kernel-setup/kernel/compiler/types';
import { paths } from '../../../kernel-setup/setup/index.mjs';
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

/** A line that uses a name, as what it can be used. */
const line = ([name, use]: readonly [string, Use]) => (use === 'type' ? `type It_${name} = ${name};` : `void ${name};`);
/** TypeScript's errors for a type without the types that it is made of: the name is found. */
const lacksArguments = new Set([2314, 2707]);
/** For so many mistakes of a cell something is proposed. */
const proposals = 3;

const inParts = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(size * i, size * (i + 1)));

/** By name, the line that is proposed. */
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
  // `var` is a name that only an object can have; some have advice of their own.
  const own = names.filter(([name]) => !others.includes(name) && name !== 'var' && !hasHint(name));

  test('each is proposed where it is missing, and with the proposal the cell compiles', () => {
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

  test('what is proposed as a value is one when the cell runs', async () => {
    const values = await import(path.join(dist, `${doors[door]}.js`));
    const missing = names.filter(([name, use]) => use === 'value' && !(name in values));
    expect(missing).toEqual([]);
  });
});
