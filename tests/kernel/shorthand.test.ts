import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKernel, textOf } from '../../kernel-setup/setup/kernel-client.mjs';
import { writeOutShorthand } from '../../kernel-setup/shorthand.mjs';
import { copyProject, type ProjectCopy } from '../support/project-copy';

describe('writeOutShorthand', () => {
  const ts = createRequire(__filename)('@tslab/typescript-for-tslab');
  const earlier = 'declare const x: number, $y: string; declare let z: { w: number };';

  test.each([
    ['({ x })', '({ x: x })'],
    ['f({ type: "a", x, $y })', 'f({ type: "a", x: x, $y: $y })'],
    ['const g = () => ({ a: { x }, z });', 'const g = () => ({ a: { x: x }, z: z });'],
    ['({ x = 1 } = o)', '({ x: x = 1 } = o)'],
    [
      'const q = { here }; const { x } = q; "{ x }"; // { x }',
      'const q = { here }; const { x } = q; "{ x }"; // { x }',
    ],
    ['({ x: x, y() {}, ...z })', '({ x: x, y() {}, ...z })'],
    ['({ x ', '({ x: x '],
  ])('%s', (cell, written) => {
    expect(writeOutShorthand(ts, earlier, cell)).toBe(written);
  });
});

describe('in the kernel', () => {
  let project: ProjectCopy;
  let kernel: Awaited<ReturnType<typeof startKernel>>;

  beforeAll(async () => {
    project = copyProject();
    await project.setUp();
    kernel = await startKernel(project.context, 'gradlab', project.paths.notebooks);
  });

  afterAll(async () => {
    await kernel?.stop();
    project.remove();
  });

  test("an earlier cell's variable can stand in shorthand", async () => {
    await kernel.execute('const z = 7; let n = 1;');
    expect(textOf(await kernel.execute('console.log(JSON.stringify({ type: "surface", z, inner: { n } }));'))).toBe(
      '{"type":"surface","z":7,"inner":{"n":1}}\n',
    );
    await kernel.execute('function both() { return { n, z }; }');
    await kernel.execute('n = 5;');
    expect(textOf(await kernel.execute('console.log(both().z, ({ n }).n);'))).toBe('7 5\n');
  });

  test('its type is still checked', async () => {
    const result = await kernel.execute('const wrong: { z: string } = { z };');
    expect(result.status).toBe('error');
    expect(textOf(result)).toMatch(/'number' is not assignable to type 'string'/);
  });
});
