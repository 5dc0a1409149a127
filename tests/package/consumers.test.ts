// The packed package in users' projects: CommonJS, ES modules, TypeScript's module resolutions, vitest.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOTICES } from '../../tools/licences/notices.mjs';
import { current, tslabs } from '../support/typescript';
import { imported, linkWithTheirs, own, type Packed, pack, program, required, run } from './consumer';

let packed: Packed;
let expected: number[];
beforeAll(async () => {
  packed = await pack();
  const here = run(process.execPath, ['-e', `${required}${program}console.log(JSON.stringify(result))`], own());
  expected = JSON.parse(here);
});
afterAll(() => packed?.remove());

test('contains library and laboratory, little more than a megabyte, and nothing of the kernel', () => {
  // It contains the figures and data of sixty lessons, and 130 kB of pictures.
  expect(packed.size).toBeLessThan(1.35e6);
  const folders = new Set(packed.files.map((file) => file.split('/').slice(0, -1).join('/').split('/')[0]));
  expect([...folders].sort()).toEqual(['', 'bin', 'dist', 'src']);
  expect(packed.files.filter((file) => file.startsWith('src/')).sort()).toEqual([
    'src/data/digits/LICENSE',
    'src/data/digits/digits.idx.gz',
    'src/data/fashion-mnist/LICENSE',
    'src/data/fashion-mnist/sample.idx.gz',
  ]);
  expect(packed.files.filter((file) => !file.includes('/')).sort()).toEqual([
    'LICENSE',
    'README.md',
    NOTICES,
    'package.json',
  ]);
  const manifest = JSON.parse(fs.readFileSync(path.join(packed.folder, 'package', 'package.json'), 'utf8'));
  expect(manifest.private).toBeUndefined();
  expect(Object.keys(manifest.dependencies)).toEqual(['@types/ndarray', '@viz-js/viz', 'ndarray']);
  expect(run(process.execPath, ['-p', 'require("gradlab").version'], own()).trim()).toBe(manifest.version);
});

test('the program of these tests computes the expected values', () => {
  expect(expected).toHaveLength(6);
  expect(expected.slice(2)).toEqual([6, 1, 1, 200]);
});

test('CommonJS and ES modules', () => {
  const project = packed.consumer({
    'main.cjs': `${required}${program}console.log(JSON.stringify(result));`,
    'main.mjs': `${imported}${program}console.log(JSON.stringify(result));`,
    'both.mjs': `import { createRequire } from 'node:module';
      import { Tensor } from 'gradlab';
      console.log(createRequire(import.meta.url)('gradlab').Tensor === Tensor);`,
    'sample.mjs': `import { data } from 'gradlab';
      const { x } = await data.fashionMnist({ split: 'sample' });
      const digits = await data.digits();
      console.log(JSON.stringify([...x.shape, ...digits.x.shape]));`,
    'claim.mjs': `import { claim } from 'gradlab/lab';
      try { claim('A01', 1); } catch (error) { console.log(error.message); }`,
  });
  const node = (file: string) => run(process.execPath, [file], project);
  expect(JSON.parse(node('main.cjs'))).toEqual(expected);
  expect(JSON.parse(node('main.mjs'))).toEqual(expected);
  expect(node('both.mjs')).toBe('true\n');
  expect(JSON.parse(node('sample.mjs'))).toEqual([200, 28, 28, 1797, 64]);
  expect(node('claim.mjs')).toMatch(
    /^claim: "A01" is not in any claims\.json of this notebook; write \S+claims\.json with\n\[\n {2}\{ "id": "A01", "verdict"/,
  );
});

/** Correct, with the type of each result, and one line that must be an error. */
const typed = `
import * as g from 'gradlab';
import type { Tensor } from 'gradlab';
import { stepsUntil } from 'gradlab/lab/lessons/002-gradient-descent-in-3d';
${imported}
const x: Tensor = tensor([[1, 2]]);
const loss: Tensor = nn.functional.mseLoss(new nn.Linear(2, 1).forward(x), tensor([[1]]));
loss.backward();
manualSeed(1);
const rows: number = datasets.line200().x.shape[0]! + rand([2]).shape[0]!;
export const figure = plot.curves([{ name: 'rows', x: [0, 1], y: [rows, 1] }]);
export const descent = new optim.SGD([], { lr: 0.1 });
export const same: typeof g.nn = nn;
// @ts-expect-error
tensor('three');
export const steps: number = stepsUntil(34, 'plain');
// @ts-expect-error: it is in the laboratory now
g.plot.curves([]);
// @ts-expect-error
g.show(1);
`;

describe('TypeScript, without the types of Node or of a page', () => {
  const resolutions = [
    ['nodenext', 'NodeNext', 'NodeNext'],
    ['bundler', 'ESNext', 'Bundler'],
    ['node10', 'CommonJS', 'Node10'],
  ] as const;
  const cases = [tslabs, current].flatMap((ts) =>
    resolutions.map(([name, module, resolution]) => ({ version: ts.version, name, ts, module, resolution })),
  );
  test.each(cases)('$version, $name', ({ ts, module, resolution }) => {
    const project = packed.consumer({ 'main.ts': typed, 'module.mts': typed, 'script.cts': typed });
    const files = fs
      .readdirSync(project)
      .filter((file) => file.endsWith('ts'))
      .map((file) => path.join(project, file));
    const compiled = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      module: ts.ModuleKind[module],
      moduleResolution: ts.ModuleResolutionKind[resolution],
    });
    const messages = ts
      .getPreEmitDiagnostics(compiled)
      .map((found) => ts.flattenDiagnosticMessageText(found.messageText, '\n'));
    expect(messages).toEqual([]);
  });
});

test('its program runs trials of a search: in processes, and for Redis if its packages are installed', async () => {
  const project = packed.consumer({
    'objective.mjs': `import { tensor } from 'gradlab';
      export default ({ x }) => tensor([x, 1]).square().sum().item();`,
    'main.mjs': `import { tuner } from 'gradlab';
      const space = tuner.space({ x: tuner.float(-1, 1) });
      const runner = process.argv[2] === undefined ? tuner.processes({ workers: 2 }) : tuner.redis(process.argv[2]);
      const study = tuner.study(space, { trials: 3, journal: 'run.jsonl' });
      await study.run({ module: './objective.mjs' }, { runner });
      console.log(study.trials.every(({ value, params }) => Math.abs(value - params.x ** 2 - 1) < 1e-6), study.table().length);
      process.exit(0);`,
  });
  const node = (...args: string[]) => run(process.execPath, args, project);
  const gradlab = path.join('node_modules', 'gradlab', 'bin', 'gradlab.cjs');
  expect(node(gradlab, '--help')).toMatch(/^gradlab worker redis:\/\/HOST:PORT/);
  expect(node('main.mjs')).toBe('true 3\n');
  expect(() => node(gradlab, 'worker', 'redis://127.0.0.1:1')).toThrow(/`npm install bullmq ioredis`/);
  expect(() => node(gradlab, 'worker')).toThrow(/expected gradlab worker redis/);
  linkWithTheirs(['bullmq', 'ioredis'], path.join(project, 'node_modules'));
  expect(() => node(gradlab, 'worker', 'redis://127.0.0.1:1')).toThrow(/cannot be reached/);
});

test('vitest', () => {
  const project = packed.consumer({
    'net.test.ts': `import { expect, test } from 'vitest';
      ${imported}
      test('a net', () => { ${program.replaceAll('slope.grad.item', 'slope.grad!.item')} expect(result).toEqual(${JSON.stringify(expected)}); });`,
  });
  fs.symlinkSync(own('node_modules', 'vitest'), path.join(project, 'node_modules', 'vitest'), 'junction');
  const said = run(process.execPath, [own('node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', project], project);
  expect(said).toMatch(/Tests +1 passed/);
});
