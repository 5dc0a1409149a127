// The kernel in workers of a page: what a cell gives, its errors, Stop, files beside the notebook, late output.
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, describeIn, firefox } from '../support/browsers';
import { type Answer, startKernel } from './kernel-page';

type Kernel = Awaited<ReturnType<typeof startKernel>>;

const plain = (text: string) => stripVTControlCharacters(text);
const resultOf = ({ shown }: Answer) =>
  shown.find(({ type }) => type === 'execute_result')?.content.data['text/plain'] as string | undefined;
const printedBy = ({ shown }: Answer) =>
  shown.flatMap(({ type, content }) => (type === 'stream' ? [content.text as string] : [])).join('');
const tracebackOf = ({ reply }: Answer) => plain((reply.traceback as string[]).join('\n'));

describeIn([chromium, firefox], 'the kernel in a page', (browser) => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await startKernel({
      browser,
      files: {
        '/drive/notebooks/note/model.ts':
          'import { half } from "./part";\nexport const twice = (x: number) => 4 * half(x);',
        '/drive/notebooks/note/part.ts': 'export const half = (x: number) => x / 2;',
        '/drive/notebooks/note/sizes.json': '{ "rows": 3 }',
        '/drive/notebooks/claims.json': JSON.stringify([
          { id: 'X01', verdict: 'holds', settled: 'measured', sentence: 'Two is two.', notebook: 'note/one.ipynb' },
        ]),
        '/drive/notebooks/note/one.predictions.json': JSON.stringify({
          guess: { question: 'Which?', answers: { a: 'this', b: 'that', c: 'neither' }, right: 'b', remarks: {} },
        }),
      },
    });
  });
  afterAll(() => kernel?.stop());

  test('what a first visit loads of it is below 2.2 MB, packed', () => {
    const loaded = fs
      .readdirSync(kernel.folder)
      .filter((name) => /\.(mjs|js|json)$/.test(name) && !name.startsWith('viz'));
    const packed = loaded.map((name) => gzipSync(fs.readFileSync(path.join(kernel.folder, name))).length);
    expect(packed.reduce((sum, size) => sum + size)).toBeLessThan(2.2e6);
  });

  test('says what it is at once', async () => {
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

  test('an error shows the line of its cell, also behind calls of the library', async () => {
    const own = await kernel.run('const broken = () => { throw new RangeError("too far"); };\n\nbroken()');
    expect(own.reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'too far' });
    expect(tracebackOf(own)).toMatch(/> 1 \| const broken/);
    expect(tracebackOf(own)).toMatch(/at broken \(Cell \[\d+\]:1:30\)\n {4}at Cell \[\d+\]:3:1$/);
    const library = tracebackOf(await kernel.run('tensor([1, 2])\n  .matmul(tensor([1, 2, 3]))'));
    expect(library).toMatch(/^ShapeError: matmul: inner dimensions differ: \[2\] · \[3\]/);
    expect(library).toMatch(/> 2 \| {3}\.matmul/);
    expect(library).not.toMatch(/worker\.mjs/);
    const ofClass = await kernel.run(
      'class Mine extends Error {\n  constructor() { super("own"); }\n}\nthrow new Mine()',
    );
    expect(tracebackOf(ofClass)).toMatch(/> 4 \| throw new Mine\(\)\n.*\n {4}at Cell \[\d+\]:4:7$/);
  });

  test('what a cell prints of an error, and what went wrong in backward, have the lines of the cells', async () => {
    const caused = 'const error = new TypeError("outer", {\n  cause: new Error("inner") });\nconsole.log(error)';
    expect(printedBy(await kernel.run(caused))).toMatch(
      /^TypeError: outer\n {4}at Cell (\[\d+\]):1:15 \{\n {2}\[cause\]: Error: inner\n {6}at Cell \1:2:10\n\}\n$/,
    );
    const anomaly = `import { detectAnomaly } from "gradlab";
      const root = (of: typeof x) => of.sub(of).log();
      detectAnomaly(() => root(x).mul(0).sum().backward())`;
    expect(tracebackOf(await kernel.run(anomaly))).toMatch(
      /LogBackward0: its backward step gave NaN.*\nThe operation was recorded by\n {4}at root \(Cell (\[\d+\]):2:49\)\n {4}at Cell \1:3:\d+\n/,
    );
  });

  test('a recursion without end is an error of its cell, and the next cell runs', async () => {
    const { reply } = await kernel.run('const deep = (n: number): number => deep(n + 1) + 1;\ndeep(0)');
    expect(reply.ename).toMatch(/^(RangeError|InternalError)$/);
    expect(plain(reply.traceback.join('\n'))).toMatch(/at deep \(Cell \[\d+\]:1:\d+\)\n {4}… \d+ more of the same/);
    expect(resultOf(await kernel.run('1 + 1'))).toBe('2');
  });

  test('a type error keeps a cell from running', async () => {
    const { reply } = await kernel.run('const wrong: number = "text"; globalThis.ran = true');
    expect(reply.evalue).toMatch(/^Cell \[\d+\]:1:7 - TS2322/);
    expect(resultOf(await kernel.run('"ran" in globalThis'))).toBe('false');
  });

  test('completion with types and with live values, inspection', async () => {
    const { reply } = await kernel.ask('complete_request', { code: 'x.matm', cursor_pos: 6 });
    expect(reply.matches).toEqual(['matmul']);
    await kernel.run('const anything: any = { rows: 1, columns: 2 }');
    const live = await kernel.ask('complete_request', { code: 'anything.col', cursor_pos: 12 });
    expect(live.reply.matches).toEqual(['columns']);
    const shown = await kernel.ask('inspect_request', { code: 'x.matmul', cursor_pos: 5, detail_level: 0 });
    expect(plain(shown.reply.data['text/plain'])).toMatch(/matmul\(/);
  });

  test('local files: TypeScript, what it imports, JSON, and as they are after a change', async () => {
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

  test('a claim and a prediction read the files of the page', async () => {
    const claimed = await kernel.run(
      'import { claim } from "gradlab";\nclaim("X01", () => ({ value: 2, expected: 2, tolerance: 1e-9 }))',
    );
    expect(claimed.reply.status).toBe('ok');
    const data = claimed.shown.find(({ type }) => type !== 'execute_input')?.content.data;
    expect(data['application/vnd.gradlab.claim+json']).toMatchObject([{ id: 'X01', verdict: 'holds' }]);
    expect((await kernel.run('claim("X02", () => ({ value: 2, below: 3 }))')).reply.evalue).toMatch(/X02/);
  });

  test('a slider: its comm, a move of it, and the drawing that follows', async () => {
    const code = `import { interact } from "gradlab";
      interact(({ k }) => { console.log("k is " + k); return k; }, { k: [0, 5, 1] });`;
    const opened = (await kernel.run(code)).shown.filter(({ type }) => type === 'comm_open');
    const slider = opened.find(({ content }) => content.data.state._model_name === 'IntSliderModel')!;
    const moved = await kernel.ask('comm_info_request', { target_name: 'jupyter.widget' });
    expect(Object.keys(moved.reply.comms)).toContain(slider.content.comm_id);
  });

  test('what comes late belongs to its cell; what nobody catches is reported', async () => {
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

  test("Node's modules are not there, and that is said", async () => {
    expect((await kernel.run('import fs from "node:fs"')).reply.evalue).toMatch(/none of the modules of Node/);
  });

  test('no error of the page itself', () => {
    // Firefox's console has also what a worker has taken care of.
    expect(kernel.problems.filter((problem) => !/nobody waits/.test(problem))).toEqual([]);
  });
});

describe.each([
  ['that may share memory', true],
  ['of any web server', false],
])('Stop in a page %s', (_, isolated) => {
  describeIn([chromium, firefox], 'the kernel', (browser) => {
    let kernel: Kernel;
    beforeAll(async () => {
      kernel = await startKernel({ browser, isolated });
      await kernel.run('const kept = [1, 2, 3]; let n = 0;');
    });
    afterAll(() => kernel?.stop());

    test.each([
      ['a loop', 'for (;;) n++;'],
      ['loops in a loop without braces', 'for (let i = 0; i < 1e12; i++) for (let j = 0; j < 1e12; j++) n++;'],
      ['a loop that catches everything', 'while (true) { try { n++; } catch {} }'],
      ['a labelled loop', 'outer: do { for (const x of [1]) { n += x; continue outer; } } while (true)'],
      ['what is awaited', 'await new Promise(() => {})'],
      ['a loop that awaits', 'for (;;) await new Promise((next) => setTimeout(next, 1))'],
      ['a function that is called often', 'const step = () => { for (let i = 0; i < 10; i++) n++; }; for (;;) step();'],
    ])('ends %s and keeps the variables', async (_name, code) => {
      const running = kernel.run(code);
      await new Promise((go) => setTimeout(go, 300));
      await kernel.ask('interrupt_request', {}, 'control');
      expect((await running).reply).toMatchObject({ status: 'error', ename: 'KernelInterrupt' });
      expect(resultOf(await kernel.run('kept.length'))).toBe('3');
    });

    test('a loop that ends by itself gives what it would have given', async () => {
      const code = 'let sum = 0;\nfor (let i = 0; i < 5000; i++) if (i % 2) continue; else sum += i;\nsum';
      expect(resultOf(await kernel.run(code))).toBe('6247500');
    });
  });
});
