// The kernel in workers of a page: results of cells, errors, Stop, files beside the notebook, late output.
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browsers, chromium, describeIn } from '../support/browsers';
import { type Answer, startKernel } from './kernel-page';

type Kernel = Awaited<ReturnType<typeof startKernel>>;

const plain = (text: string) => stripVTControlCharacters(text);
const resultOf = ({ shown }: Answer) =>
  shown.find(({ type }) => type === 'execute_result')?.content.data['text/plain'] as string | undefined;
const printedBy = ({ shown }: Answer) =>
  shown.flatMap(({ type, content }) => (type === 'stream' ? [content.text as string] : [])).join('');
/** The traceback, without the text at its end if it has frames. */
const tracebackOf = ({ reply }: Answer) => {
  const lines = reply.traceback as string[];
  return plain((lines.length > 1 ? lines.slice(0, -1) : lines).join('\n'));
};

describeIn(browsers, 'the kernel in a page', (browser) => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await startKernel({
      browser,
      files: {
        '/drive/notebooks/note/model.ts':
          'import { half } from "./part";\nexport const twice = (x: number) => 4 * half(x);',
        '/drive/notebooks/note/sizes.json': '{ "rows": 3 }',
        '/drive/notebooks/claims.json': JSON.stringify([
          { id: 'X01', verdict: 'holds', settled: 'measured', sentence: 'Two is two.', notebook: 'note/one.ipynb' },
        ]),
        '/drive/notebooks/note/one.predictions.json': JSON.stringify({
          guess: {
            question: 'Which?',
            answers: [
              { text: 'this', remark: 'It is not.' },
              { text: 'that', remark: 'It is.', right: true },
              { text: 'neither', remark: 'One is.' },
            ],
          },
        }),
        '/drive/notebooks/note/waits.ts':
          'export const slow: number = await new Promise((go) => setTimeout(() => go(7), 20));',
        '/drive/notebooks/note/uses.ts': 'import { slow } from "./waits";\nexport const more = slow + 1;',
        '/drive/notebooks/note/broken.ts':
          'export function check(n: number): number {\n  if (n < 0)\n    throw new RangeError("negative");\n  return n;\n}',
        '/drive/notebooks/note/even.ts':
          'import { odd } from "./odd";\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);',
        '/drive/notebooks/note/odd.ts':
          'import { even } from "./even";\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);',
      },
    });
  });
  afterAll(() => kernel?.stop());

  test('the files of a first visit are below 2.18 MB, compressed', () => {
    const loaded = fs
      .readdirSync(kernel.folder)
      .filter((name) => /\.(mjs|js|json)$/.test(name) && !name.startsWith('viz'));
    const packed = loaded.map((name) => gzipSync(fs.readFileSync(path.join(kernel.folder, name))).length);
    expect(packed.reduce((sum, size) => sum + size)).toBeLessThan(2.18e6);
  });

  test('answers kernel_info immediately', async () => {
    const { reply } = await kernel.ask('kernel_info_request', {});
    expect(reply).toMatchObject({ status: 'ok', protocol_version: '5.4', implementation: 'gradlab' });
    expect(reply.banner).toMatch(/in the browser$/);
  });

  test('results, output in order, tensors and gradients, variables of earlier cells', async () => {
    expect(resultOf(await kernel.run('1 + 1'))).toBe('2');
    const code = `import { tensor, nn } from "gradlab";
      const x = tensor([1, 2], { requiresGrad: true });
      x.mul(x).sum().backward();
      console.log("first", { a: [1] });
      x.grad`;
    const answer = await kernel.run(code);
    expect(printedBy(answer)).toBe('first { a: [ 1 ] }\n');
    expect(resultOf(answer)).toBe('tensor([2., 4.])');
    expect(resultOf(await kernel.run('x.shape'))).toBe('[ 2 ]');
    expect(resultOf(await kernel.run('_'))).toBe('[ 2 ]');
    expect(resultOf(await kernel.run('String(new nn.Linear(2, 1))'))).toMatch(/^"?'?Linear\(/);
  });

  test('an error shows the line of its cell, also after calls of the library', async () => {
    const own = await kernel.run('const broken = () => { throw new RangeError("too far"); };\n\nbroken()');
    expect(own.reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'too far' });
    expect(tracebackOf(own)).toMatch(/> 1 \| const broken/);
    expect(tracebackOf(own)).toMatch(/at broken \(Cell \[\d+\]:1:30\)\n {4}at Cell \[\d+\]:3:1$/);
    await kernel.run('import { tensor } from "gradlab"');
    const library = tracebackOf(await kernel.run('tensor([1, 2])\n  .matmul(tensor([1, 2, 3]))'));
    expect(library).toMatch(/^ShapeError: matmul: inner dimensions differ: \[2\] · \[3\]/);
    expect(library).toMatch(/> 2 \| {3}\.matmul/);
    expect(library).not.toMatch(/worker\.mjs/);
    const ofClass = await kernel.run(
      'class Mine extends Error {\n  constructor() { super("own"); }\n}\nthrow new Mine()',
    );
    expect(tracebackOf(ofClass)).toMatch(/> 4 \| throw new Mine\(\)\n.*\n {4}at Cell \[\d+\]:4:7$/);
  });

  test('printed errors, and errors in backward, have the lines of the cells', async () => {
    const caused = 'const error = new TypeError("outer", {\n  cause: new Error("inner") });\nconsole.log(error)';
    expect(printedBy(await kernel.run(caused))).toMatch(
      /^TypeError: outer\n {4}at Cell (\[\d+\]):1:15 \{\n {2}\[cause\]: Error: inner\n {6}at Cell \1:2:10\n\}\n$/,
    );
    await kernel.run(
      'import { type Tensor, tensor } from "gradlab";\nconst at = tensor([1, 2], { requiresGrad: true });',
    );
    const anomaly = `import { detectAnomaly } from "gradlab";
      const root = (of: Tensor) => of.sub(of).log();
      detectAnomaly(() => root(at).mul(0).sum().backward())`;
    expect(tracebackOf(await kernel.run(anomaly))).toMatch(
      /LogBackward0: its backward step gave NaN.*\nThe operation was recorded by\n {4}at root \(Cell (\[\d+\]):2:47\)\n {4}at Cell \1:3:\d+\n/,
    );
  });

  test('an infinite recursion is an error of its cell, and the next cell runs', async () => {
    const { reply } = await kernel.run('const deep = (n: number): number => deep(n + 1) + 1;\ndeep(0)');
    expect(reply.ename).toMatch(/^(RangeError|InternalError)$/);
    expect(plain(reply.traceback.join('\n'))).toMatch(/at deep \(Cell \[\d+\]:1:\d+\)\n {4}… \d+ more of the same/);
    expect(resultOf(await kernel.run('1 + 1'))).toBe('2');
  });

  test('an uncaught error fails its cell, unless a handler is added in time', async () => {
    const failed = await kernel.run('const fails = async () => {\n  throw new Error("lost");\n};\nfails();');
    expect(failed.reply).toMatchObject({ status: 'error', evalue: 'lost' });
    expect(tracebackOf(failed)).toContain(':2:9');
    expect((await kernel.run('fails().catch(() => {});')).reply).toMatchObject({ status: 'ok' });
  });

  test('a type error prevents a cell from running', async () => {
    const { reply } = await kernel.run('const wrong: number = "text"; globalThis.ran = true');
    expect(reply.evalue).toMatch(/^Cell \[\d+\]:1:7 - TS2322/);
    expect(resultOf(await kernel.run('"ran" in globalThis'))).toBe('false');
  });

  test('cells are edited', async () => {
    const edits = async (action: string, cells: string[], name?: string) => {
      const content = { action, cells, cell: 0, cursor: 4, ...(name && { name }) };
      const { reply } = await kernel.ask('edit_request', content, 'control');
      const [{ changes }] = reply.edits as { changes: { cell: number; text: string }[] }[];
      return changes.map(({ cell, text }) => [cell, text]);
    };
    expect(await edits('format', ['let  rate=1'])).toEqual(Array(3).fill([0, ' ']));
    expect(await edits('fix', ['manualSeed(1)'])).toEqual([[0, 'import { manualSeed } from "gradlab";\n']]);
    expect(await edits('rename', ['let rate = 1', '({ rate })'], 'speed')).toEqual([
      [0, 'speed'],
      [1, 'rate: speed'],
    ]);
  });

  test('completion with types and with live values, inspection', async () => {
    await kernel.run('import { tensor } from "gradlab";\nconst x = tensor([1, 2]);');
    const { reply } = await kernel.ask('complete_request', { code: 'x.matm', cursor_pos: 6 });
    expect(reply.matches).toEqual(['matmul']);
    await kernel.run('const anything: any = { rows: 1, columns: 2 }');
    const live = await kernel.ask('complete_request', { code: 'anything.col', cursor_pos: 12 });
    expect(live.reply.matches).toEqual(['columns']);
    const shown = await kernel.ask('inspect_request', { code: 'x.matmul', cursor_pos: 5, detail_level: 0 });
    expect(plain(shown.reply.data['text/plain'])).toMatch(/matmul\(/);
  });

  test('local files: TypeScript, their imports, JSON, and changed files', async () => {
    await kernel.give({ '/drive/notebooks/note/part.ts': 'export const half = (x: number) => x / 2;' });
    const code = 'import { twice } from "./model";\nimport sizes from "./sizes.json";\n[twice(21), sizes.rows]';
    expect(resultOf(await kernel.run(code))).toBe('[ 42, 3 ]');
    await kernel.give({ '/drive/notebooks/note/part.ts': 'export const half = (x: number) => x;' });
    expect(resultOf(await kernel.run(code))).toBe('[ 84, 3 ]');
    expect((await kernel.run('import { n } from "./none"')).reply.evalue).toMatch(
      /There is no such file in notebooks\/note/,
    );
    expect((await kernel.run('import { n } from "lodash"')).reply.evalue).toMatch(/any module by its address/);
    expect(resultOf(await kernel.run('(await import("data:text/javascript,export const n = 5")).n'))).toBe('5');
  });

  test('a local file with top-level await, in itself and in its imports', async () => {
    expect(resultOf(await kernel.run('import { slow } from "./waits";\nslow'))).toBe('7');
    expect(resultOf(await kernel.run('import { more } from "./uses";\nmore'))).toBe('8');
    expect(resultOf(await kernel.run('(await import("./uses")).more'))).toBe('8');
  });

  test('an error in a local file has the lines of that file, and those of the cell', async () => {
    const called = tracebackOf(await kernel.run('import { check } from "./broken";\ncheck(1);\ncheck(-1);'));
    expect(called).toMatch(
      /^RangeError: negative\n(.*\n)* {4}at check \(broken\.ts:3:11\)\n {4}at Cell \[\d+\]:3:\d+$/,
    );
    await kernel.give({
      '/drive/notebooks/note/fails.ts': 'export const first = 1;\n\nthrow new Error("while it is loaded");',
    });
    const loading = tracebackOf(await kernel.run('import { first } from "./fails";\nfirst'));
    expect(loading).toMatch(/^Error: while it is loaded\n(.*\n)* {4}at fails\.ts:3:7/);
    await kernel.give({ '/drive/notebooks/note/fails.ts': 'export const first = 1;' });
    expect(resultOf(await kernel.run('import { first } from "./fails";\nfirst'))).toBe('1');
  });

  test('local files with cyclic imports', async () => {
    expect(resultOf(await kernel.run('import { even } from "./even";\n[even(10), even(7)]'))).toBe('[ true, false ]');
    expect(resultOf(await kernel.run('import { odd } from "./odd";\n[odd(10), odd(7)]'))).toBe('[ false, true ]');
  });

  test('a claim and a prediction read the files of the page', async () => {
    const claimed = await kernel.run(
      'import { claim } from "gradlab/lab";\nclaim("X01", () => ({ value: 2, expected: 2, tolerance: 1e-9 }))',
    );
    expect(claimed.reply.status).toBe('ok');
    const data = claimed.shown.find(({ type }) => type !== 'execute_input')?.content.data;
    expect(data['application/vnd.gradlab.claim+json']).toMatchObject([{ id: 'X01', verdict: 'holds' }]);
    expect((await kernel.run('claim("X02", () => ({ value: 2, below: 3 }))')).reply.evalue).toMatch(/X02/);
    const asked = await kernel.run('import { predict } from "gradlab/lab";\npredict("guess")');
    const card = asked.shown.find(({ type }) => type !== 'execute_input')?.content.data;
    const { answers } = card['application/vnd.gradlab.lesson+json'] as { answers: { text: string; said: string }[] };
    const texts = answers.map(({ text }) => text);
    expect([...texts].sort()).toEqual(['neither', 'that', 'this']);
    const [a, b, c] = texts;
    expect(card['text/plain']).toContain(`Predict. Which?\n  a) ${a}\n  b) ${b}\n  c) ${c}\n`);
    expect(card['text/html'].match(/✓ Right\.|✗ Not so\./g)).toEqual(answers.map(({ said }) => said));
    const right = 'abc'[texts.indexOf('that')]!;
    const chosen = await kernel.run(`predict("guess", "${right}")`);
    expect(chosen.shown.find(({ type }) => type !== 'execute_input')?.content.data['text/plain']).toMatch(
      /[abc]: ✓ Right\. It is\.$/,
    );
    expect((await kernel.run('predict("another")')).reply.evalue).toMatch(/another/);
  });

  test('a slider: its comm, a move of it, and the redrawn figure', async () => {
    const code = `import { interact } from "gradlab/lab";
      interact(({ k }) => { console.log("k is " + k); return k; }, { k: [0, 5, 1] });`;
    const opened = (await kernel.run(code)).shown.filter(({ type }) => type === 'comm_open');
    const slider = opened.find(({ content }) => content.data.state._model_name === 'IntSliderModel')!;
    const { comm_id } = slider.content;
    const { reply } = await kernel.ask('comm_info_request', { target_name: 'jupyter.widget' });
    expect(Object.keys(reply.comms)).toContain(comm_id);
    for (const value of [3, 5]) {
      const data = { method: 'update', state: { value }, buffer_paths: [] };
      const moved = await kernel.ask('comm_msg', { comm_id, data });
      expect(printedBy(moved)).toBe(`k is ${value}\n`);
      const drawn = moved.shown.flatMap(({ content }) => content.data?.['text/plain'] ?? []);
      expect(drawn).toEqual([String(value)]);
    }
  });

  test('late output belongs to its cell; uncaught errors are reported', async () => {
    await kernel.run('setTimeout(() => console.log("late"), 50)');
    await expect
      .poll(() => kernel.page.evaluate('kernel.replies.some((m) => m.content.text === "late\\n")'))
      .toBe(true);
    await kernel.run('void Promise.reject(new Error("nobody waits"))');
    await expect
      .poll(() =>
        kernel.page.evaluate(
          'kernel.replies.some((m) => /nobody waits/.test(m.content.text ?? m.content.evalue ?? ""))',
        ),
      )
      .toBe(true);
  });

  test("explains that Node's modules are not available", async () => {
    expect((await kernel.run('import fs from "node:fs"')).reply.evalue).toMatch(/none of the modules of Node/);
  });

  test('a worker that has ended is reported, in words for a page, and another one replaces it', async () => {
    await kernel.run('const gone = 1;');
    const ended = await kernel.run('(globalThis as any).close();\nawait new Promise(() => {});');
    expect(ended.reply).toMatchObject({ status: 'error', ename: 'WorkerEnded' });
    expect(ended.reply.evalue).toMatch(/^the worker in which cells run has ended, .*memory.* in Cell \[\d+\]$/);
    expect(tracebackOf(ended)).toMatch(/in a new worker now: the variables of earlier cells are gone: .+\.$/);
    expect(tracebackOf(ended)).not.toMatch(/process|SIG/);
    expect((await kernel.run('gone')).reply.evalue).toMatch(/Cannot find name 'gone'/);
    expect(resultOf(await kernel.run('1 + 1'))).toBe('2');
  });

  // Firefox does not end a worker that waits for memory to change.
  test.runIf(browser === chromium)(
    'a second interrupt ends the worker of a cell that no interrupt can end',
    async () => {
      const shared = 'new (globalThis as any).WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer';
      const running = kernel.run(`console.log('it waits');\nAtomics.wait(new Int32Array(${shared}), 0, 0)`);
      await kernel.printed('it waits');
      await kernel.ask('interrupt_request', {}, 'control');
      await kernel.printed('stop once more');
      await kernel.ask('interrupt_request', {}, 'control');
      const { reply } = await running;
      expect(reply).toMatchObject({ status: 'error', ename: 'KernelInterrupt' });
      expect(reply.evalue).toMatch(/^an interrupt was not answered, so the worker was ended in Cell/);
      expect(resultOf(await kernel.run('2 + 2'))).toBe('4');
    },
  );

  test('exhausted memory is an error of its cell', async () => {
    const { reply } = await kernel.run('new Float64Array(2 ** 40)');
    expect(reply).toMatchObject({ status: 'error', ename: 'RangeError' });
    expect(resultOf(await kernel.run('3 + 3'))).toBe('6');
  });

  test('no error of the page itself', () => {
    // Firefox's console also lists errors that a worker has handled.
    expect(kernel.problems.filter((problem) => !/nobody waits/.test(problem))).toEqual([]);
  });
});
