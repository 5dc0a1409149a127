import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { root } from '../support/typescript';

/** The folders of src/ in reading order; each imports values only from itself and those before it. */
const layers = [
  'errors',
  'random',
  'kernels',
  'tensor',
  'display',
  'autograd',
  'ops',
  'checks',
  'nn',
  'optim',
  'data',
  'classic',
  'plot',
  'training',
  'notebook',
  'index',
];

const dist = join(root, 'dist');
const built = () =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.js'))
    .sort();
const layerOf = (file: string) => file.split(/[\\/]/)[0].replace(/\.js$/, '');

beforeAll(() => buildIfStale(paths), 120_000);

test('every file belongs to a layer', () => {
  expect(built().length).toBeGreaterThan(60);
  expect([...new Set(built().map(layerOf))].filter((layer) => !layers.includes(layer))).toEqual([]);
});

test('a folder imports values only from folders above it', () => {
  // What is required in the built files is what is imported as a value; type-only imports have vanished.
  const upward: string[] = [];
  let imports = 0;
  for (const file of built())
    for (const [, target] of readFileSync(join(dist, file), 'utf8').matchAll(/require\("(\.[^"]*)"\)/g)) {
      imports++;
      const to = layerOf(relative(dist, join(dist, dirname(file), target)));
      if (layers.indexOf(to) > layers.indexOf(layerOf(file))) upward.push(`${file} requires ${target}`);
    }
  expect(imports).toBeGreaterThan(100);
  expect(upward).toEqual([]);
});

test('packages are required only where they are meant to be', () => {
  const allowed: Record<string, string[]> = {
    ndarray: ['tensor/tensor.js'],
    '@viz-js/viz': ['checks/graph.js'],
  };
  const found: string[] = [];
  for (const file of built())
    for (const [, name] of readFileSync(join(dist, file), 'utf8').matchAll(/(?:require|import)\("([^".][^"]*)"\)/g))
      if (!name.startsWith('node:') && !allowed[name]?.includes(file)) found.push(`${file} requires ${name}`);
  expect(found).toEqual([]);
});

test('each built file can be required first', () => {
  // One process; the cache is emptied before each file, so that each is the first to be loaded.
  const script = `
    const failed = [];
    for (const file of JSON.parse(process.argv[1])) {
      for (const loaded of Object.keys(require.cache)) delete require.cache[loaded];
      try {
        require(file);
      } catch (error) {
        failed.push(file + ': ' + error.stack.split('\\n').slice(0, 3).join(' '));
      }
    }
    console.log(JSON.stringify(failed));
  `;
  const files = built().map((f) => join(dist, f));
  const output = execFileSync(process.execPath, ['-e', script, JSON.stringify(files)], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([]);
});

test('loading the library has every operation in place', () => {
  const script = `
    const { tensor } = require(process.argv[1]);
    console.log(tensor([[1, 2]]).t().matmul(tensor([[3, 4]])).sum().item());
  `;
  expect(execFileSync(process.execPath, ['-e', script, join(dist, 'index.js')], { encoding: 'utf8' }).trim()).toBe(
    '21',
  );
});
