import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKernel, textOf } from '../../kernel-setup/setup/kernel-client.mjs';
import { copyProject, type ProjectCopy } from '../support/project-copy';

let project: ProjectCopy;

beforeAll(async () => {
  project = copyProject();
  await project.setUp();
});

afterAll(() => project.remove());

// Basics that every cell relies on, in a notebook of a subfolder, with either of the two kernels.
describe.each(['gradlab', 'tslab'])('kernel %s, in a subfolder of notebooks/', (name) => {
  let kernel: Awaited<ReturnType<typeof startKernel>>;

  beforeAll(async () => {
    kernel = await startKernel(project.context, name, path.join(project.paths.notebooks, 'topic'));
    const first = await kernel.execute('import { plus, version } from "gradlab";\nconst three = plus(1, 2);');
    expect(first, textOf(first)).toMatchObject({ status: 'ok', outputs: [] });
  });

  afterAll(() => kernel?.stop());

  test('names from gradlab have values in later cells', async () => {
    expect(textOf(await kernel.execute('console.log(three + 1, typeof version);'))).toBe('4 string\n');
  });

  test('names from gradlab have types', async () => {
    const result = await kernel.execute('const text: string = plus(1, 2);');
    expect(result.status).toBe('error');
    expect(textOf(result)).toMatch(/Type 'number' is not assignable to type 'string'/);
    expect(textOf(await kernel.execute('plus("1", 2)'))).toMatch(/'string' is not assignable to parameter/);
  });

  test('reports a name that gradlab does not export', async () => {
    const result = await kernel.execute('import { minus } from "gradlab"; minus(1, 2)');
    expect(result.status).toBe('error');
    expect(textOf(result)).toMatch(/has no exported member .?minus/);
  });

  test("the type checker knows Node's globals", async () => {
    const code = 'const bytes: Buffer = Buffer.from("ab"); console.log(bytes.length, process.argv.length > 0);';
    expect(textOf(await kernel.execute(code))).toBe('2 true\n');
    expect(textOf(await kernel.execute('const wrong: number = console;'))).toMatch(/Type 'Console' is not assignable/);
  });

  test('completion offers exports and members', async () => {
    expect((await kernel.complete('import * as lab from "gradlab"; lab.')).matches).toEqual(
      expect.arrayContaining(['plus', 'version']),
    );
    const inside = 'import { pl } from "gradlab"';
    expect((await kernel.complete(inside, 'import { pl'.length)).matches).toEqual(['plus']);
    expect((await kernel.complete('three.toFi')).matches).toEqual(['toFixed']);
  });

  test('Shift-Tab shows signature and documentation', async () => {
    const { data } = await kernel.inspect('plus');
    expect(data['text/plain']).toContain('function plus(a: number, b: number): number');
    expect(data['text/plain']).toContain('The sum of two numbers.');
  });

  test('show sends a MIME bundle as one output', async () => {
    const code = `import { show } from "gradlab/lab";
      show({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { a: [1] }, "text/plain": "a" }) });`;
    const { outputs } = await kernel.execute(code);
    expect(outputs).toHaveLength(1);
    expect(outputs[0]).toMatchObject({ output_type: 'display_data', data: { 'application/json': { a: [1] } } });
  });
});
