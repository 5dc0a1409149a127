// Errors in front ends and saved notebooks: each sentence once, gradlab's frames in one line, no path of this machine,
// and names lost with their process.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { plain } from './conformance/client/execution';
import { Kernel } from './conformance/client/kernel';

let kernel: Kernel;

beforeAll(async () => {
  await buildIfStale(paths, process.env, 'kernel');
  kernel = await Kernel.start();
  kernel.write(
    'lib/local.ts',
    `import { tensor } from 'gradlab';
export function local() {
  return tensor([1, 2]).matmul(tensor([1, 2, 3]));
}`,
  );
  kernel.write('lib/bad.json', '{ "a": ');
  kernel.write('lib/thread.js', 'throw new Error("thread of " + __filename);');
  kernel.write('node_modules/pkg/package.json', '{ "name": "pkg", "main": "index.js" }');
  kernel.write('node_modules/pkg/index.js', 'exports.fail = (x) => x.missing.value;');
  kernel.write('node_modules/pkg/broken.js', 'require("not-there");');
  await kernel.client.run(
    'import * as gl from "gradlab"; import { nn, optim, tensor } from "gradlab"; import path from "node:path";',
  );
});

afterAll(() => kernel?.stop());

/** All output of a cell as text: what it prints, its result, its error as it is saved. */
async function outputOf(cell: string): Promise<{ text: string; traceback: string; evalue: string }> {
  const { id, reply } = await kernel.client.execute(cell);
  const texts = kernel.client.childrenOf(id).flatMap(({ channel, type, content }) => {
    if (channel !== 'iopub' || type === 'execute_input' || type === 'status') return [];
    if (type === 'error') return [(content.traceback as string[]).join('\n'), String(content.evalue)];
    return [type === 'stream' ? String(content.text) : String((content.data as Record<string, unknown>)['text/plain'])];
  });
  const { traceback = [], evalue = '' } = reply.content as { traceback?: string[]; evalue?: string };
  return { text: plain(texts.join('\n')), traceback: plain(traceback.join('\n')), evalue };
}

const count = (text: string, part: string) => text.split(part).length - 1;

const cells: Record<string, [cell: string, once: string]> = {
  'a shape': ['tensor([1, 2]).matmul(tensor([1, 2, 3]))', 'inner dimensions differ'],
  'an option': ['tensor([1], { devise: 1 } as any)', 'there is no option devise'],
  'a type': ['const layer: nn.Linear = nn;', "Type 'typeof nn' is missing"],
  'a member of a module': ['gl.nothing', "does not exist on type 'typeof gl'"],
  'a local file': ['import { local } from "./lib/local";\nlocal()', 'inner dimensions differ'],
  'a cause that says the same': [
    'try { JSON.parse("{") } catch (cause) { throw new Error(`reading: ${(cause as Error).message}`, { cause }) }',
    'in JSON at position',
  ],
  'causes of gradlab': [
    'try { tensor([1, 2]).matmul(tensor([1, 2, 3])) } catch (cause) { throw new Error("training failed", { cause }) }',
    'inner dimensions differ',
  ],
  'several errors that are alike': [
    'throw new AggregateError([new Error("first"), new Error("first")], "many")',
    'Error: first\n',
  ],
  'a package': ['import { fail } from "pkg";\nfail({})', 'Cannot read properties'],
  'a stack that is full': ['const deep = (): number => deep() + 1;\ndeep()', 'Maximum call stack'],
  'a file': ['import fs from "node:fs";\nfs.readFileSync(path.resolve("nope.txt"))', 'ENOENT: no such file'],
  'a module of a package': ['require("pkg/broken")', "Cannot find module 'not-there'"],
  'a local module': ['import x from "./nowhere"', "Cannot find module './nowhere'"],
  JSON: ['require("./lib/bad.json")', 'Unexpected end of JSON'],
  'text with a path': ['throw path.resolve("here")', 'here'],
};

describe('each sentence once, and no path of this machine', () => {
  test.each(Object.entries(cells))('%s', async (_, [cell, once]) => {
    const { text, traceback } = await outputOf(cell);
    const excerpt = /^>? +\d* \| .*$/gm;
    expect(count(traceback.replace(excerpt, ''), once), traceback).toBe(1);
    expect(text).not.toContain(kernel.folder);
    expect(text).not.toContain(paths.root);
    expect(text).not.toMatch(/\.gradlab|core\.js|import\("\//);
  });

  test.each([
    'try { tensor([1, 2]).matmul(tensor([1, 2, 3])) } catch (error) { console.error(error); console.log([error]); error }',
    'try { require("pkg/broken") } catch (error) { console.error(error) }',
    'import fs2 from "node:fs"; try { fs2.readFileSync(path.resolve("nope")) } catch (error) { console.log({ error }) }',
    'process.emitWarning("see " + path.resolve("a.txt")); await new Promise((go) => setTimeout(go, 50))',
    'void Promise.reject(new Error(path.resolve("b.txt"))); await new Promise((go) => setTimeout(go, 50))',
    'const { Worker } = require("node:worker_threads"); const failed = await new Promise((go) => new Worker(path.resolve("lib/thread.js")).on("error", go)); console.error(failed); throw failed',
  ])('in printed text: %s', async (cell) => {
    const { text } = await outputOf(cell);
    expect(text).toMatch(/\w/);
    expect(text).not.toContain(kernel.folder);
    expect(text).not.toContain(paths.root);
  });
});

describe('frames', () => {
  const shape = 'tensor([1, 2]).matmul(tensor([1, 2, 3]))';

  test('of gradlab are collapsed to one line, which says how to show them; those of local files and packages stay', async () => {
    expect((await outputOf('import { local } from "./lib/local";\n\nlocal()')).traceback).toMatch(
      /\n {4}… \d+ frames in gradlab \(GRADLAB_FRAMES=all shows them\)\n {4}at local \(lib\/local\.ts:3:25\)\n {4}at Cell \[\d+\]:3:1\n/,
    );
    expect((await outputOf('import { fail } from "pkg";\nfail({})')).traceback).toMatch(
      /\n {4}at exports\.fail \(node_modules\/pkg\/index\.js:1:33\)\n {4}at Cell \[\d+\]:2:1\n/,
    );
  });

  test('are all shown with the setting, still without a path of this machine', async () => {
    await kernel.client.run('process.env.GRADLAB_FRAMES = "all"');
    const { text } = await outputOf(shape);
    await kernel.client.run('delete process.env.GRADLAB_FRAMES');
    expect(text).toMatch(/\n {4}at \w+ \(gradlab\/core\.js:\d+:\d+\)/);
    expect(text).not.toContain('frames in gradlab');
    expect(text).not.toContain(kernel.folder);
    expect(text).not.toContain(paths.root);
  });
});

describe('names lost with their process', () => {
  test('are reported as lost, with the cell that restores them', async () => {
    const { reply } = await kernel.client.run('const kept = tensor([1]); let other = 2; interface Shape { n: number }');
    const cell = `Cell [${reply.content.execution_count}]`;
    const { reply: died } = await kernel.client.execute('const half = 1;\nprocess.exit(3)');
    const end = `Cell [${died.content.execution_count}]`;
    const told = (name: string) =>
      `\`${name}\` was lost when the process ended: the process ended with exit code 3, as by process.exit(3), in ${end}. `;
    for (const name of ['kept', 'other']) {
      const { traceback, evalue } = await outputOf(`${name}.toString()`);
      expect(count(traceback, `${told(name)}Run ${cell} again.`)).toBe(1);
      expect(evalue).toContain(told(name));
    }
    expect((await outputOf('const shape: Shape = { n: 1 }')).traceback).toContain(told('Shape'));
    expect((await outputOf('// @ts-nocheck\nother + 1')).evalue).toBe(
      `other is not defined. ${told('other')}Run ${cell} again.`,
    );
    expect((await outputOf('half')).traceback).toContain(`${told('half')}${end} declares it.`);
    await kernel.client.run('const kept = 3; export {}');
    expect((await outputOf('kept')).text).toBe('3');
    expect((await outputOf('nothing')).traceback).not.toContain('lost');
  });
});
