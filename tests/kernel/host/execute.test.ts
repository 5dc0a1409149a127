import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KernelProcess, resultOf, startKernelProcess, streamText, typesOf } from '../../support/kernel-process';

let kernel: KernelProcess;

beforeAll(async () => {
  kernel = await startKernelProcess();
});

afterAll(async () => {
  const problems = kernel.clients.flatMap((client) => client.problems);
  await kernel.stop();
  expect(problems).toEqual([]);
});

test('a result', async () => {
  const run = await kernel.client.execute('1 + 2');
  expect(run.reply.content).toMatchObject({ status: 'ok', user_expressions: {} });
  expect(typesOf(run)).toEqual(['busy', 'execute_input', 'execute_result', 'idle']);
  expect(resultOf(run)).toBe('3');
});

test('an error', async () => {
  const run = await kernel.client.execute('const a = 1;\n\nthrow new RangeError("too far");');
  expect(run.reply.content).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'too far' });
  expect(typesOf(run)).toEqual(['busy', 'execute_input', 'error', 'idle']);
  expect((run.reply.content.traceback as string[]).join('\n')).toMatch(/Cell \[\d+\]:3:7/);
});

test('streams', async () => {
  const run = await kernel.client.execute('console.log("out"); console.error("err"); console.log("again");');
  expect(typesOf(run)).toEqual(['busy', 'execute_input', 'stream', 'stream', 'stream', 'idle']);
  expect(streamText(run)).toBe('out\nagain\n');
  expect(streamText(run, 'stderr')).toBe('err\n');
});
