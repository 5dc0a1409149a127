// Packages that change on the disk while the kernel runs. The compiler reads the current files, so it knows new names
// and reports no false errors. The process keeps what it has loaded; the error of a cell that lacks something new
// advises to restart the kernel.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;

function startAnew(): void {
  beforeAll(async () => {
    session = await CellSession.start();
  });
  beforeEach(() => session.clear());
  afterAll(() => session?.close());
}

interface Written {
  version?: string;
  /** File of the declarations. */
  types?: string;
  /** Its folder, if it is only linked. */
  folder?: string;
  isEsm?: boolean;
}

/** Writes a package that exports the names as numbers: 1, 2, … */
function write(name: string, names: readonly string[], options: Written = {}): void {
  const { version = '1.0.0', types = 'index.d.ts', folder = `node_modules/${name}`, isEsm = false } = options;
  const value = (each: string, i: number) =>
    isEsm ? `export const ${each} = ${i + 1};` : `exports.${each} = ${i + 1};`;
  session.write({
    [`${folder}/package.json`]: JSON.stringify({
      name,
      version,
      types,
      main: 'index.js',
      type: isEsm ? 'module' : 'commonjs',
    }),
    [`${folder}/index.js`]: names.map(value).join('\n'),
    [`${folder}/${types}`]: names.map((each) => `export declare const ${each}: number;`).join('\n'),
  });
  if (options.folder === undefined || fs.existsSync(path.join(session.folder, `node_modules/${name}`))) return;
  fs.mkdirSync(path.join(session.folder, 'node_modules'), { recursive: true });
  fs.symlinkSync(path.join(session.folder, folder), path.join(session.folder, `node_modules/${name}`), 'dir');
}

const remove = (name: string) => fs.rmSync(path.join(session.folder, 'node_modules', name), { recursive: true });

async function ran(cell: string) {
  const result = await session.execute(cell);
  expect(failureOf(result)).toBe('');
  return result;
}
const failure = async (cell: string) => failureOf(await session.execute(cell));
const value = async (cell: string) => (await ran(cell)).data?.['text/plain'];
/** Returns the completions, after a moment. */
async function offered(marked: string): Promise<string[]> {
  await sleep(600);
  return (await session.completionsAt(marked)).names;
}

const raised = (name: string) =>
  `${name} 1.0.0 is loaded, and 2.0.0 is installed by now: restart the kernel to use it.`;
const changed = (name: string) =>
  `${name} 1.0.0 is loaded as it was before its files changed: restart the kernel to use it as it is now.`;

describe.each<[string, string, Written, Written, (name: string) => string]>([
  ['the version is raised', 'raised', {}, { version: '2.0.0' }, raised],
  ['the version of an ES module is raised', 'raised-esm', { isEsm: true }, { isEsm: true, version: '2.0.0' }, raised],
  ['only files change', 'same', {}, {}, changed],
  ['a linked package is built again', 'linked', { folder: 'far/linked' }, { folder: 'far/linked' }, changed],
  [
    'a linked ES module is built again',
    'linked-esm',
    { folder: 'far/linked-esm', isEsm: true },
    { folder: 'far/linked-esm', isEsm: true },
    changed,
  ],
  ['the types move', 'moved', {}, { version: '2.0.0', types: 'types/main.d.ts' }, raised],
  [
    'the types of a linked package move',
    'moved-link',
    { folder: 'far/moved-link' },
    { folder: 'far/moved-link', types: 'types/main.d.ts' },
    changed,
  ],
  ['the package is removed, and comes back', 'back', {}, { version: '2.0.0' }, raised],
])('%s', (what, name, first, second, says) => {
  const id = name.replaceAll('-', '_');
  startAnew();

  test('a new name is known immediately, and reading it says that the kernel must restart', async () => {
    write(name, ['a'], first);
    session.write({ [`of-${name}.ts`]: `export * from "${name}"; export * as all from "${name}";` });
    expect(await value(`import { a as ${id} } from "${name}"; import * as all_${id} from "${name}"; ${id}`)).toBe('1');
    expect(await value(`import { a as local_${id} } from "./of-${name}"; local_${id}`)).toBe('1');
    await sleep(20);
    if (what.includes('removed')) {
      remove(name);
      expect(await failure(`import { a as gone_${id} } from "${name}"`)).toContain(`Cannot find module '${name}'`);
      expect(await failure(`import { a as gone2_${id} } from "./of-${name}"`)).toContain(
        `Cannot find module '${name}'`,
      );
    }
    write(name, ['a', 'b'], second);
    expect(await offered(`import { | } from "${name}"`)).toContain('b');
    expect(await offered(`import { | } from "./of-${name}"`)).toContain('b');
    // Names that it had are unchanged.
    const old = await ran(`import { a as again_${id} } from "${name}"; again_${id}`);
    expect(old.data).toEqual({ 'text/plain': '1' });
    expect(old.output).toBe(`${says(name)}\n`);
    for (const from of [name, `./of-${name}`])
      expect(await failure(`import { b as new_${id} } from "${from}"; new_${id}`)).toContain(
        `What is loaded of '${from}' has no \`b\`. ${says(name)}`,
      );
    // Through a namespace import of an earlier cell.
    expect(await failure(`all_${id}.b.toFixed()`)).toContain(`→ ${says(name)}`);
    expect((await ran(`import { a as once_${id} } from "${name}"`)).output).toBe('');
  });
});

describe('besides', () => {
  startAnew();

  test('a package that is not loaded yet is loaded in its current state', async () => {
    write('not-loaded', ['a']);
    expect(await offered('import { | } from "not-loaded"')).toContain('a');
    write('not-loaded', ['a', 'b']);
    expect(await ran('import { b as fresh } from "not-loaded"; fresh')).toMatchObject({
      data: { 'text/plain': '2' },
      output: '',
    });
  });

  test('finds a dependency once it is installed, and when its types move', async () => {
    session.write({
      'node_modules/through/package.json': '{ "name": "through", "version": "1.0.0", "types": "index.d.ts" }',
      'node_modules/through/index.d.ts': 'export * from "inner";',
      'node_modules/through/index.js': 'module.exports = require("inner");',
    });
    expect(await failure('import { a as inner } from "through"; inner')).toContain('has no exported member');
    write('inner', ['a']);
    expect(await value('import { a as inner } from "through"; inner')).toBe('1');
    write('inner', ['a', 'b'], { version: '2.0.0', types: 'types/main.d.ts' });
    expect(await offered('import { | } from "through"')).toContain('b');
  });

  test('a name removed from the disk is an error; values that have it keep it', async () => {
    write('less', ['a', 'b']);
    expect(await value('import { a as kept, b as gone } from "less"; gone')).toBe('2');
    write('less', ['a'], { version: '2.0.0' });
    expect(await failure('import { b as again } from "less"; again')).toContain("has no exported member 'b'");
    expect(await value('gone')).toBe('2');
  });

  test('reinstalling the same version changes nothing', async () => {
    write('reinstalled', ['a']);
    const file = path.join(session.folder, 'node_modules/reinstalled/index.js');
    // npm sets this time.
    const time = new Date('1985-10-26T08:15:00Z');
    fs.utimesSync(file, time, time);
    await ran('import { a as reinstalled } from "reinstalled"');
    write('reinstalled', ['a']);
    fs.utimesSync(file, time, time);
    expect((await ran('import { a as reinstalledAgain } from "reinstalled"')).output).toBe('');
  });

  test('reports many packages in one line', async () => {
    const names = ['many-a', 'many-b', 'many-c', 'many-d', 'many-e'];
    for (const name of names) write(name, ['a']);
    await ran(names.map((name, i) => `import * as many${i} from "${name}";`).join('\n'));
    for (const name of names) write(name, ['a', 'b'], { version: '2.0.0' });
    expect(await failure('many4.b.toFixed()')).toMatch(
      /→ .*, .*, .* and \d+ more packages are loaded as they were before they changed: restart the kernel to use them as they are now\.$/,
    );
  });
});
