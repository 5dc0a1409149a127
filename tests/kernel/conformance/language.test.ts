import { expect } from 'vitest';
import { check, code, sharedKernel } from './harness';

/** The shown output of a cell as one text: results, or what it printed. */
async function shown(cell: string): Promise<string> {
  const { client } = await sharedKernel();
  const { outputs } = await client.run(cell);
  return outputs
    .map((m) => m.content.text ?? (m.content.data as Record<string, unknown> | undefined)?.['text/plain'])
    .join('')
    .replace(/^'(.*)'$/s, '$1');
}

async function run(...cells: string[]) {
  const { client } = await sharedKernel();
  for (const cell of cells) await client.run(cell);
}

check('state', async () => {
  await run(code.declare('kept', 41), code.assign('kept', 42));
  expect(await shown('kept')).toContain('42');
});

check('tla', async () => {
  const { cell, read } = code.topLevelAwait;
  await run(cell);
  expect(await shown(read)).toContain('21');
});

check('redeclare', async () => {
  for (const [cell, read, result] of code.redeclare) {
    await run(cell);
    if (read) expect(await shown(read)).toContain(result);
  }
});

check('live-binding', async () => {
  const { first, second, call, read } = code.liveBinding;
  await run(first, second);
  expect(await shown(call)).toContain('11');
  expect(await shown(read)).toContain('11');
});

check(
  'ts-types',
  async () => {
    await run(
      'interface Point { x: number; y?: string }\ntype Pair<T> = [T, T];\nenum Colour { Red = 1, Green }',
      'namespace Geometry { export const unit: Point = { x: 1 }; export type Size = number; }',
      `abstract class Base<T> { constructor(protected items: T[]) {} abstract first(): T; }
class Queue<T> extends Base<T> { first() { return this.items[0]; } }`,
    );
    const use = `const pair: Pair<Point> = [{ x: 1 }, { x: 2 }];
const size: Geometry.Size = Geometry.unit.x;
pair[1].x + Colour.Green + size + new Queue<number>([10]).first()`;
    expect(await shown(use)).toContain('15');
    const { client } = await sharedKernel();
    expect((await client.execute('const wrong: Point = { x: "1" };')).reply.content.status).not.toBe('ok');
  },
  { only: 'ts' },
);

check('destructuring', async () => {
  await run(code.destructuring.cell);
  expect(await shown(code.destructuring.read)).toMatch(code.destructuring.shown);
});

check('decorators', async () => {
  await run(code.decorators.cell);
  expect(await shown(code.decorators.read)).toMatch(code.decorators.shown);
});

check('await-paren', async () => {
  expect(await shown(code.awaitParentheses)).toContain('7');
});

check('for-await', async () => {
  expect(await shown(code.forAwait)).toContain('6');
});

check(
  'ts-using',
  async () => {
    const resource = `const log: string[] = [];
{ using held = { [Symbol.dispose]() { log.push("disposed"); } }; log.push("used"); void held; }
await (async () => {
  await using slow = { async [Symbol.asyncDispose]() { log.push("async"); } };
  void slow;
})();
log.join()`;
    expect(await shown(resource)).toContain('used,disposed,async');
  },
  { only: 'ts' },
);

check(
  'ts-modern',
  async () => {
    const modern = `const settings = { rate: 1, name: "a" } satisfies Record<string, number | string>;
function literal<const T>(value: T): T { return value; }
const pair: readonly ["a", 1] = literal(["a", 1]);
settings.rate.toFixed(1) + pair[0] + settings.name.toUpperCase()`;
    expect(await shown(modern)).toContain('1.0aA');
  },
  { only: 'ts' },
);

check(
  'es2023-lib',
  async () => {
    await run('const unsorted = [3, 1, 2];');
    expect(
      await shown('unsorted.toSorted().join() + unsorted.findLast((x) => x < 3) + unsorted.with(0, 9).join()'),
    ).toContain('1,2,329,1,2');
    expect(await shown('Object.groupBy([1, 2], (x) => (x > 1 ? "b" : "a")).b?.length')).toContain('1');
  },
  { only: 'ts' },
);
