import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { textOf } from './client/execution';
import { check, code, freshKernel, kernelTest, sharedKernel } from './harness';

check('stream-names', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(`${code.print('to stdout')}\n${code.printError('to stderr')}`);
  expect([done.stdout, done.stderr]).toEqual(['to stdout\n', 'to stderr\n']);
});

check('stream-order', async () => {
  const { client } = await sharedKernel();
  const cell = Array.from({ length: 10 }, (_, i) => `${code.write(`o${i} `)}\n${code.writeError(`e${i} `)}`).join('\n');
  const done = await client.run(cell);
  const all = done.outputs.map((m) => m.content.text).join('');
  expect(all).toBe(Array.from({ length: 10 }, (_, i) => `o${i} e${i} `).join(''));
  expect(done.stderr).toBe(Array.from({ length: 10 }, (_, i) => `e${i} `).join(''));
});

/** Milliseconds between the first output and the end of the cell. */
async function ahead(cell: string): Promise<number> {
  const { client } = await sharedKernel();
  const id = client.submit(cell);
  await client.child(id, (m) => m.type === 'stream');
  const start = performance.now();
  const done = await client.finished(id);
  expect(done.stdout).toBe('first\nsecond\n');
  return performance.now() - start;
}

check('stream-live', async () => {
  expect(await ahead(`${code.print('first')}\n${code.sleep(4000)}\n${code.print('second')}`)).toBeGreaterThan(750);
});

check('stream-live-sync', async () => {
  expect(await ahead(`${code.print('first')}\n${code.loopFor(4000)}\n${code.print('second')}`)).toBeGreaterThan(750);
});

check('stream-large', async () => {
  const { client } = await sharedKernel();
  const block = 'x'.repeat(1000);
  const done = await client.run(code.writeLarge(block, 5000));
  expect(done.stdout.length).toBeGreaterThan(5_000_000);
  const expected = Array.from({ length: 5000 }, (_, i) => `${block}${i}\n`).join('');
  expect(done.stdout === expected).toBe(true); // a diff of 5 MB would fill the screen
});

const lines = Array.from({ length: 5000 }, (_, i) => i);

check('stream-many', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(code.printLines(5000));
  const seen = done.stdout.split('\n').slice(0, -1);
  expect(seen.length).toBe(5000);
  expect(seen.every((line, i) => line === `line ${lines[i]}`)).toBe(true);
});

check('stream-batched', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(code.printLines(5000));
  expect(done.outputs.filter((m) => m.type === 'stream').length).toBeLessThan(500);
});

check('stream-late', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(code.printLater('late', 400));
  expect(done.stdout).toBe('');
  const late = await client.child(done.id, (m) => m.type === 'stream');
  expect(late.content).toEqual({ name: 'stdout', text: 'late\n' });
});

check('stream-late2', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(code.printLater('late', 500));
  const other = await client.run(`${code.print('other')}\n${code.sleep(900)}\n${code.print('over')}`);
  await client.child(done.id, (m) => m.content.text === 'late\n');
  expect(other.stdout).toBe('other\nover\n');
});

check('unicode', async () => {
  const { client } = await sharedKernel();
  const text = 'naïve Ωμέγα 日本語 😀👩‍👩‍👧 \u2028 ẞ';
  const cell = `${code.print(text)}\n${code.declare('größe', text)}\ngröße`;
  const done = await client.run(cell);
  expect(done.iopub.find((m) => m.type === 'execute_input')?.content.code).toBe(cell);
  expect(done.stdout).toBe(`${text}\n`);
  expect(textOf(done.results[0])).toContain('naïve Ωμέγα 日本語 😀');
});

check('order', async () => {
  const { client } = await sharedKernel();
  const shown = code.display({ 'text/plain': 'shown' });
  const ok = await client.run([code.print('a'), shown, code.printError('b'), '1 + 1'].join('\n'));
  expect(ok.iopub.map((m) => m.type)).toEqual([
    ...['status', 'execute_input', 'stream', 'display_data', 'stream', 'execute_result', 'status'],
  ]);
  const failed = await client.execute(`${code.print('a')}\n${code.raise('b')}`);
  expect(failed.iopub.map((m) => m.type)).toEqual(['status', 'execute_input', 'stream', 'error', 'status']);
  for (const { iopub } of [ok, failed]) {
    const states = [iopub.at(0), iopub.at(-1)].map((m) => m?.content.execution_state);
    expect(states).toEqual(['busy', 'idle']);
  }
});

check('deterministic', async () => {
  const cells = [
    `${code.print('a')}\n1 + 1`,
    code.printError('b'),
    code.display({ 'text/plain': 'c', 'text/html': '<i>c</i>' }),
    code.object,
    code.raise('d'),
  ];
  const rounds: unknown[] = [];
  for (let round = 0; round < 2; round++) {
    const { client } = await freshKernel();
    const all: unknown[] = [];
    for (const cell of cells) {
      const done = await client.execute(cell);
      await sleep(300); // tslab drops requests that follow an error
      all.push(...done.iopub.map((m) => [m.type, m.content]), done.reply.content.status);
    }
    rounds.push(all);
  }
  expect(rounds[1]).toEqual(rounds[0]);
});

kernelTest('output goes to the cell that made it when two wait at once', async () => {
  const { client } = await sharedKernel();
  const first = await client.run(code.printLater('first timer', 300));
  const second = await client.run(code.printLater('second timer', 200));
  for (const id of [first.id, second.id]) await client.child(id, (m) => m.type === 'stream');
  const late = (id: string) => client.childrenOf(id).flatMap((m) => (m.type === 'stream' ? [m.content.text] : []));
  expect([late(first.id), late(second.id)]).toEqual([['first timer\n'], ['second timer\n']]);
});
