// Large products and convolutions on several threads, in cells: an interrupt may come at any point.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  session = await CellSession.start();
  // Idle threads are notified of a task; before one has started there is no notification.
  const prepared = await session.execute(`
    let tasks = 0;
    const { notify } = Atomics;
    Object.assign(Atomics, { notify: (place: Int32Array, at: number) => { tasks++; return notify(place, at) } });
    import { manualSeed, nn, rand, setNumThreads, type Tensor } from 'gradlab';
    manualSeed(1);
    const [a, b] = [rand([240, 230]), rand([230, 250])];
    const images = rand([8, 16, 28, 28]);
    const kernel = rand([32, 16, 3, 3], { requiresGrad: true });
    const product = () => a.matmul(b);
    const convolution = () => {
      kernel.grad = null;
      const y = nn.functional.conv2d(images, kernel, { padding: 1 });
      y.sum().backward();
      return [y.detach(), kernel.grad!];
    };
    const same = (x: Tensor, y: Tensor) => x.sub(y).abs().max().item() === 0;
    setNumThreads(1);
    const [alone, aloneToo] = [product(), convolution()];
    setNumThreads(3);
    while (product(), tasks === 0) await new Promise((done) => setTimeout(done, 5));`);
  expect(failureOf(prepared)).toBe('');
});

afterAll(() => session?.close());

const right = '[same(product(), alone), ...convolution().map((x, i) => same(x, aloneToo[i]))]';

test('give the result of one thread', async () => {
  expect(await session.execute(right)).toMatchObject({ data: { 'text/plain': '[ true, true, true ]' } });
});

test.each([
  ['products', 'product()'],
  ['convolutions', 'convolution()'],
  ['both', 'product(); convolution()'],
])('an interrupt in a loop of %s corrupts nothing', async (_, work) => {
  for (let i = 0; i < 5; i++) {
    const parentId = session.begin(`process.stdout.write("now"); for (;;) { ${work} }`) as number;
    await session.until(() => session.outputOf(parentId).startsWith('now'));
    await pause(11 * i);
    session.interrupt();
    expect((await session.end(parentId)).error).toMatchObject({ ename: 'KernelInterrupt' });
    const after = await session.execute(right);
    expect(failureOf(after) || after.data?.['text/plain']).toBe('[ true, true, true ]');
  }
  // The threads are still used, except for pauses while processors are busy.
  const used = await session.execute('tasks = 0; for (let i = 0; i < 200 && tasks === 0; i++) product(); tasks > 0');
  expect(used).toMatchObject({ data: { 'text/plain': 'true' } });
  expect(session.deaths).toEqual([]);
});
