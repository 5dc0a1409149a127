// The library is bundled into few files, and parts of it load on first use. Programs that import it must not notice.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import * as gradlab from '../../src';
import * as lab from '../../src/lab';
import { root } from '../support/typescript';

let folder: string;
beforeAll(async () => {
  await buildIfStale(paths);
  folder = mkdtempSync(join(root, '.gradlab', 'bundle-test-'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The output of a script, run by Node in a folder of the project. */
function run(text: string, extension: 'cjs' | 'mjs'): unknown {
  const file = join(folder, `script.${extension}`);
  writeFileSync(file, text);
  return JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
}

const names = Object.keys(gradlab).sort();
/** The files that `import "gradlab"` loads immediately. */
const door = ['core.js', 'index.js', 'node.js', 'shared/rolldown-runtime.js'];
const net = 'new nn.Linear(2, 1).weight.shape.concat(tensor([1, 2]).add(1).tolist())';

test('require exports all names, and loads a part when one of its names is used', () => {
  const result = run(
    `const g = require('gradlab');
     const loaded = () => Object.keys(require.cache).map((file) => file.split(/[\\\\/]dist[\\\\/]/).at(-1).replaceAll('\\\\', '/'));
     const names = Object.keys(g).sort();
     const before = loaded();
     const { nn, tensor } = g;
     const value = ${net};
     console.log(JSON.stringify({ names, before, after: loaded(), value, same: g.nn === nn && g.gradcheck === g.gradcheck }));`,
    'cjs',
  ) as { names: string[]; before: string[]; after: string[]; value: number[]; same: boolean };
  expect(result.names).toEqual(names);
  const ofOurs = result.before.filter((name) => !/^(\/|[A-Z]:)/.test(name));
  expect(ofOurs.sort()).toEqual(door);
  expect(result.after).toContain('nn/index.js');
  expect(result.after).not.toContain('optim/index.js');
  expect(result.value).toEqual([1, 2, 2, 3]);
  expect(result.same).toBe(true);
});

test("the library's index loads few files, and re-exporting files take one line per name", () => {
  const files = readdirSync(paths.dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const inner = files.filter((file) => !file.endsWith('index.js') && !file.startsWith('browser'));
  expect(inner.filter((file) => readFileSync(join(paths.dist, file), 'utf8').includes('get: function()'))).toEqual([]);
  expect(inner).toContain('core.js');
  const bytes = door.map((file) => readFileSync(join(paths.dist, file)).length);
  expect(bytes.reduce((a, b) => a + b) / 1000).toBeLessThan(600);
});

test('no JavaScript file hides the declarations in a folder with its name', () => {
  const files = readdirSync(paths.dist, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.endsWith('.js') && files.includes(file.slice(0, -3)))).toEqual([]);
  expect(files).toContain(join('lab', 'index.js'));
});

test('a namespace exports the same names as its sources', () => {
  const found = run(
    `const g = require('gradlab');
     const l = require('gradlab/lab');
     const names = (value) => Object.keys(value).sort();
     console.log(JSON.stringify([g.nn, g.nn.functional, g.nn.init, g.optim, g.optim.lrScheduler, g.data, g.linalg, g.trees, l.plot, l.races].map(names)));`,
    'cjs',
  );
  const { nn, optim, data, linalg, trees } = gradlab;
  const spaces = [nn, nn.functional, nn.init, optim, optim.lrScheduler, data, linalg, trees, lab.plot, lab.races];
  expect(found).toEqual(spaces.map((space) => Object.keys(space).sort()));
});

test('the laboratory has its own entry point, on the same library', () => {
  const result = run(
    `const g = require('gradlab');
     const loaded = () => Object.keys(require.cache).filter((file) => /[\\\\/]dist[\\\\/]lab[\\\\/]/.test(file)).length;
     const before = [loaded(), Object.keys(g).map((name) => g[name]).length > 300, loaded()];
     const l = require('gradlab/lab');
     const names = Object.keys(l).sort();
     const trained = loaded();
     const point = l.classic.descend(([x]) => [x], [4], { lr: 0.5, steps: 2 }).points.at(-1)[0];
     const { stepsUntil } = require('gradlab/lab/lessons/002-gradient-descent-in-3d');
     const figure = l.plot.curves([{ name: 'a', x: g.tensor([1, 2]), y: [3, 4] }]);
     console.log(JSON.stringify({ before, names, trained, point, steps: stepsUntil(1, 'plain'),
       y: figure.toJSON().data[0].y }));`,
    'cjs',
  ) as Record<string, unknown>;
  expect(result).toEqual({
    before: [0, true, 0],
    names: Object.keys(lab).sort(),
    trained: 2,
    point: 1,
    steps: 1,
    y: [3, 4],
  });
});

test('import exports all names, from a namespace or one by one', () => {
  const result = run(
    `import * as g from 'gradlab';
     import { nn, tensor, gradcheck, optim } from 'gradlab';
     const value = ${net};
     console.log(JSON.stringify({ names: Object.keys(g), value, same: g.nn === nn && g.optim === optim, kind: typeof gradcheck }));`,
    'mjs',
  ) as { names: string[]; value: number[]; same: boolean; kind: string };
  expect(result.names).toEqual(expect.arrayContaining(names));
  expect(result).toMatchObject({ value: [1, 2, 2, 3], same: true, kind: 'function' });
});

test('a bundler finds everything', async () => {
  const entry = join(folder, 'page.js');
  writeFileSync(
    entry,
    `import { nn, tensor } from 'gradlab';
     export const value = ${net};`,
  );
  const bundle = await rolldown({ input: entry, platform: 'node' });
  await bundle.write({ dir: join(folder, 'page'), format: 'es', entryFileNames: '[name].mjs', codeSplitting: false });
  await bundle.close();
  const written = readdirSync(join(folder, 'page'));
  expect(written).toEqual(['page.mjs']);
  expect(run(`import { value } from './page/page.mjs'; console.log(JSON.stringify(value));`, 'mjs')).toEqual([
    1, 2, 2, 3,
  ]);
});

test('errors of the library name files of src/ through its source maps', () => {
  writeFileSync(join(folder, 'fails.cjs'), `require('gradlab').tensor([1, 2]).matmul(require('gradlab').zeros(3))`);
  let text = '';
  try {
    execFileSync(process.execPath, ['--enable-source-maps', join(folder, 'fails.cjs')], { stdio: 'pipe' });
  } catch (error) {
    text = String((error as { stderr: Buffer }).stderr);
  }
  expect(text).toMatch(/at .*src[\\/]ops[\\/]products[\\/]matmul\.ts:\d+/);
  const line = Number(text.match(/matmul\.ts:(\d+)/)?.[1]);
  expect(readFileSync(join(root, 'src/ops/products/matmul.ts'), 'utf8').split('\n')[line - 1]).toMatch(
    /throw|Error|\(/,
  );
});
