// Stop in the page: cells and library calls, each cancelled in the middle, with the variables kept.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browsers, chromium, describeIn } from '../support/browsers';
import { startKernel } from './kernel-page';

type Kernel = Awaited<ReturnType<typeof startKernel>>;

/** Code that does not end by itself, by topic. */
const endless: Record<string, string> = {
  'a loop': 'for (;;) n++;',
  'loops without braces': 'for (let i = 0; i < 1e12; i++) for (let j = 0; j < 1e12; j++) n++;',
  'a loop that catches everything': 'while (true) { try { n++; } catch {} }',
  'a loop that catches what the library throws': 'for (;;) { try { a.matmul(a); } catch {} }',
  'a labelled loop': 'outer: do { for (const x of [1]) { n += x; continue outer; } } while (true)',
  'a loop of slow calls': 'const text = JSON.stringify([...Array(1e5).keys()]); for (;;) JSON.parse(text);',
  'a loop that awaits': 'for (;;) await new Promise((next) => setTimeout(next, 1))',
  'a loop that awaits nothing': 'while (true) await null;',
  'what is awaited': 'await new Promise(() => {})',
  'a chain of promises': 'const next = (): Promise<void> => Promise.resolve().then(next); await next();',
  'a function that is called often': 'const step = () => { for (let i = 0; i < 10; i++) n++; }; for (;;) step();',
  'a recursion': 'const fib = (k: number): number => (k < 2 ? k : fib(k - 1) + fib(k - 2)); fib(80)',
  'a callback of an array': 'for (;;) new Float64Array(1e7).forEach((x) => { n += x; });',
  'a comparison of a sort':
    'for (;;) Array.from({ length: 1e6 }, (_, i) => (i * 7919) % 1000003).sort((x, y) => x - y);',
  'a generator': 'function* many() { for (let i = 0; i < 1e6; i++) yield n++; }\nfor (;;) [...many()];',
  'products of matrices': 'const big = randn([3000, 3000]);\nfor (;;) big.matmul(big);',
  'products of whole numbers': 'const ints = ones([2000, 2000], { dtype: "int32" });\nfor (;;) ints.matmul(ints);',
  'a batch of products': 'const many = randn([300000, 8, 8]);\nfor (;;) many.bmm(many);',
  einsum: 'const e = randn([400, 400, 40]);\nfor (;;) einsum("ijk,jlk->ilk", [e, e]);',
  'a convolution':
    'const conv = new nn.Conv2d(64, 64, 7, { padding: 3 });\nfor (;;) conv(randn([8, 64, 64, 64])).sum().backward();',
  'small operations': 'let small = tensor([1]); for (;;) small = small.mul(0.5).add(1);',
  'a backward pass':
    'let y = tensor([0.5], { requiresGrad: true }).mul(1);\nfor (let i = 0; i < 300000; i++) y = y.mul(1.0001);\nfor (;;) y.backward(undefined, { retainGraph: true });',
  'a training':
    'const net = new nn.Linear(200, 1);\ntraining.fit(net, { x: a, y: a.sum(1, { keepdim: true }) }, { loss: nn.functional.mseLoss, optimizer: new optim.Adam(net.parameters()), epochs: 1e7 })',
  LBFGS:
    'const w = randn([50], { requiresGrad: true }); const lb = new optim.LBFGS([w], { maxIter: 1e6, maxEval: 1e7, toleranceGrad: 0, toleranceChange: 0 });\nfor (;;) lb.step(() => { lb.zeroGrad(); const l = w.cos().add(w.mul(w).mul(0.01)).sum(); l.backward(); return l; });',
  'random numbers': 'for (;;) randn([1e7]);',
  'a function of many elements': 'const wide = rand([3e6]);\nfor (;;) wide.lgamma();',
  'a sort of many elements': 'const order = rand([2e6]);\nfor (;;) order.sort();',
  'sums and running sums': 'const wide = rand([5e6]);\nfor (;;) wide.cumsum(0).logcumsumexp(0);',
  'long lists': 'const wide = rand([1e7]);\nfor (;;) wide.tolist();',
  'a histogram': 'const wide = rand([5e6]);\nfor (;;) plot.histogram(wide);',
  'a range': 'for (;;) linspace(0, 1, 1e7);',
  'elements looked up and added':
    'const wide = rand([5e6]), at = randint(0, 5e6, [5e6], { dtype: "int32" });\nfor (;;) wide.indexSelect(0, at).scatterAdd(0, at, wide);',
  'singular values': 'for (;;) linalg.svd(randn([600, 600]))',
  eigenvalues: 'for (;;) linalg.eigh(randn([900, 900], { dtype: "float64" }))',
  'a solution':
    'for (;;) linalg.solve(randn([1500, 1500], { dtype: "float64" }), randn([1500, 1500], { dtype: "float64" }))',
  distances: 'for (;;) cdist(randn([3000, 64]), randn([3000, 64]))',
  trees:
    'new trees.RandomForestRegressor({ nEstimators: 1e6 }).fit(randn([500, 4]).tolist() as number[][], rand([500]).tolist() as number[])',
  'a descent': 'classic.descend((w: readonly number[]) => [w[0]! * 2], [1], { lr: 0.1, steps: 1e9 })',
  gradcheck:
    'for (;;) gradcheck((v: Tensor) => v.matmul(v).tanh(), [rand([60, 60], { dtype: "float64", requiresGrad: true })])',
};

/** Runs before every cell that is stopped, and is checked after it. */
const before = `import { cdist, einsum, gradcheck, linalg, linspace, nn, ones, optim, rand, randint, randn, tensor, training, trees, type Tensor } from "gradlab"; import { classic, plot } from "gradlab/lab";
const kept = [1, 2, 3];
const a = rand([200, 200]);
let n = 0;`;

/** The number of cells to stop, cycling through the list; `npm test -- --all` stops a hundred. */
const count = process.env.GRADLAB_ALL ? 100 : Object.keys(endless).length;
const stops = Array.from({ length: count }, (_, i) => Object.entries(endless)[i % Object.keys(endless).length]!);

describe.each([
  ['with shared memory', true],
  ['on any web server', false],
])('Stop in a page %s', (_, isolated) => {
  describeIn(browsers, 'the kernel', (browser) => {
    let kernel: Kernel;
    const took: [number, string][] = [];
    let begun = 0;
    beforeAll(async () => {
      kernel = await startKernel({ browser, isolated });
      expect((await kernel.run(before)).reply.status).toBe('ok');
    });
    afterAll(async () => {
      took.sort(([x], [y]) => x - y);
      const at = (share: number) => took[Math.ceil(share * took.length) - 1]?.[0].toFixed(0);
      const slowest = took.slice(-3).map(([time, name]) => `${name} ${time.toFixed(0)}`);
      console.info(
        `${took.length} stops ${_}: median ${at(0.5)} ms, 90 % ${at(0.9)} ms; the slowest: ${slowest.join(', ')}`,
      );
      await kernel?.stop();
    });

    test('polling code does not show in the text of a function', async () => {
      const code =
        'const f = (x: number) => x + 1;\nfunction g(n: number) { for (let i = 0; i < n; i++) { n += f(i); } return n; }';
      await kernel.run(code);
      const { shown } = await kernel.run(
        '[String(f), String(g).replace(/\\s+/g, " "), new Function("return " + f)()(1)].join("; ")',
      );
      const text = shown.at(-1)!.content.data['text/plain'];
      expect(text).toMatch(
        '(x) => (x + 1); function g(n) { { for (let i = 0; i < n; i++) { n += f(i); } } return n; }; 2',
      );
    });

    test('a loop that ends by itself has an unchanged result', async () => {
      const code = 'let sum = 0;\nfor (let i = 0; i < 5000; i++) if (i % 2) continue; else sum += i;\nsum';
      expect((await kernel.run(code)).shown.at(-1)!.content.data['text/plain']).toBe('6247500');
    });

    test.runIf(browser === chromium)(
      'large products use a second thread if memory is shared, and have the same bits',
      async () => {
        const code = `import { manualSeed, randn, setNumThreads } from "gradlab";
        manualSeed(0);
        const large = randn([512, 512]);
        setNumThreads(1);
        const alone = large.matmul(large);
        setNumThreads(2);
        for (let i = 0; i < 5; i++) large.matmul(large);
        large.matmul(large).equal(alone)`;
        expect((await kernel.run(code)).shown.at(-1)!.content.data['text/plain']).toBe('true');
        // Host, compiler and cells; the threads are workers of the cells' worker.
        await expect.poll(() => kernel.page.workers().length).toBe(isolated ? 4 : 3);
      },
    );

    test.each(stops)('ends %s and keeps the variables', async (name, code) => {
      // Its declarations must not exist when it runs again.
      const declares = /\b(const|let|function)\b/.test(code);
      const running = kernel.run(`console.log('begins ${++begun}');\n${declares ? `{\n${code}\n}` : code}`);
      await kernel.printed(`begins ${begun}`);
      await new Promise((go) => setTimeout(go, 300));
      const { reply, milliseconds } = await kernel.stopped(running);
      took.push([milliseconds, name]);
      expect(reply).toMatchObject({
        status: 'error',
        ename: 'KernelInterrupt',
        evalue: expect.stringMatching(/kept/),
      });
      expect((await kernel.run('[kept.length, a.shape[0]].join()')).shown.at(-1)?.content.data?.['text/plain']).toMatch(
        /3,200/,
      );
    });
  });
});
