// The protocol beyond its messages: welcomes, replays, and replies that must not be delayed.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf } from '../conformance/client/execution';
import { Kernel } from '../conformance/client/kernel';
import { encode, makeHeader } from '../conformance/client/wire';

let kernel: Kernel;

beforeAll(async () => {
  kernel = await Kernel.start();
});

afterAll(async () => {
  const problems = kernel?.client.problems;
  await kernel?.stop();
  expect(problems).toEqual([]);
});

const resultOf = async (code: string) => textOf((await kernel.client.run(code)).results[0]);
/** A cell that takes seconds to compile. */
const longToCompile = Array.from({ length: 20_000 }, (_, i) => i).join(' + ');

test('welcomes each new subscriber under its topic', async () => {
  const isWelcome = ({ type }: { type: string }) => type === 'iopub_welcome';
  for (let i = 0; i < 2; i++) {
    const another = await kernel.connect();
    const welcome = another.received.find(isWelcome) ?? (await another.wait(isWelcome));
    expect(welcome).toMatchObject({ content: { subscription: '' }, parent: {}, topics: [''] });
    another.close();
  }
});

test('runs a signed request only once if it is sent again', async () => {
  const { client } = kernel;
  await client.run('let runs = 0;');
  const header = makeHeader('execute_request', client.session);
  const frames = encode(client.connection.key, header, { type: 'execute_request', content: { code: 'runs += 1;' } });
  for (let i = 0; i < 3; i++) client.sendFrames('shell', frames);
  await client.finished(header.msg_id);
  expect(await resultOf('runs')).toBe('1');
});

test('control and heartbeat reply during a compilation; an interrupt ends it and keeps earlier names', async () => {
  const { client } = kernel;
  await client.run('const kept = 41; interface Pair { a: number; b: number }');
  const id = client.submit(longToCompile);
  await client.child(id, ({ type }) => type === 'execute_input');
  for (let i = 0; i < 5; i++) {
    expect(await client.heartbeat(`beat ${i}`, 20_000)).toBe(`beat ${i}`);
    expect((await client.request('control', 'kernel_info_request', {})).content.status).toBe('ok');
    await sleep(50);
  }
  const isReply = ({ type }: { type: string }) => type === 'execute_reply';
  expect(client.childrenOf(id).some(isReply), 'it compiles still').toBe(false);
  await client.request('control', 'interrupt_request', {});
  const { reply, errors } = await client.finished(id);
  expect(reply.content).toMatchObject({ status: 'error', ename: 'KernelInterrupt' });
  expect(errors).toHaveLength(1);
  expect(await resultOf('const pair: Pair = { a: kept, b: 1 }; pair.a + pair.b')).toBe('42');
});

test('after an interrupted compilation, completion knows the names of earlier cells', async () => {
  const { client } = kernel;
  await client.run('const knownBefore = { first: 1 };');
  const id = client.submit(longToCompile);
  await client.child(id, ({ type }) => type === 'execute_input');
  await sleep(200);
  await client.request('control', 'interrupt_request', {});
  await client.finished(id);
  const { content } = await client.request('shell', 'complete_request', { code: 'knownBefore.', cursor_pos: 12 });
  expect(content.matches).toEqual(['first']);
});
