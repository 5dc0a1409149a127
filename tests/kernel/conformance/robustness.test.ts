import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Message } from './client/wire';
import { check, code, freshKernel, sharedKernel } from './harness';

const reports = (words: string) => (m: Message) =>
  m.channel === 'iopub' && (m.type === 'error' || m.type === 'stream') && JSON.stringify(m.content).includes(words);

/** Runs a cell after which an error occurs; the report belongs to that cell, and the kernel survives. */
async function reported(cell: string, words: string) {
  const { client } = await sharedKernel();
  const id = client.submit(cell);
  await client.child(id, reports(words));
  await client.finished(id);
  await sleep(500);
  // In a run without a front end the next cell would fail.
  expect((await client.run(code.print('lives'), { allow_stdin: true })).stdout).toContain('lives');
}

check('rob-rejection', () => reported(code.lostRejection, 'lost rejection'));
check('rob-timer', () => reported(code.throwingTimer, 'thrown by a timer'));

check('rob-exit', async () => {
  const kernel = await freshKernel();
  const id = kernel.client.submit(code.exit);
  const answer = kernel.client.finished(id).catch(() => undefined);
  const died = await Promise.race([kernel.exits(60), answer.then(() => false)]);
  if (died) return;
  expect((await answer)?.reply.content.status).toMatch(/ok|error/);
  expect((await kernel.client.run(code.print('lives'))).stdout).toBe('lives\n');
});

check('rob-stack', async () => {
  const { client } = await sharedKernel();
  const done = await client.execute(code.recursion);
  expect(done.reply.content.status).toBe('error');
  expect(done.errorText).toMatch(/RangeError|RecursionError|InternalError/);
  await sleep(300); // tslab drops requests that follow an error
  expect((await client.run(code.print('lives'))).stdout).toBe('lives\n');
});

check('rob-bigresult', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(code.enormous);
  expect(done.outputs.length).toBeGreaterThan(0);
  expect(JSON.stringify(done.outputs.map((m) => m.content)).length).toBeLessThan(5_000_000);
});

check('rob-getter', async () => {
  const { client } = await sharedKernel();
  for (const cell of code.throwingGetters) {
    const done = await client.execute(cell);
    expect(['ok', 'error'], cell).toContain(done.reply.content.status);
    await sleep(300); // tslab drops requests that follow an error
    expect((await client.run(code.print('lives'))).stdout).toBe('lives\n');
  }
});
