import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Message } from './client/wire';
import { check, code, kernelTest, must, sharedKernel } from './harness';

async function openComms(target?: string) {
  const { client } = await sharedKernel();
  const { type, content } = await client.request('shell', 'comm_info_request', target ? { target_name: target } : {});
  expect(type).toBe('comm_info_reply');
  expect(content).toMatchObject({ status: 'ok', comms: expect.any(Object) });
  return content.comms as Record<string, { target_name: string }>;
}

const published = (type: string) => (m: Message) => m.channel === 'iopub' && m.type === type;

check('comm-info', async () => {
  await openComms();
  expect(await openComms('thereIsNoSuchTarget')).toEqual({});
});

check('comm-unknown', async () => {
  const { client } = await sharedKernel();
  const comm_id = randomUUID();
  const content = { comm_id, target_name: 'thereIsNoSuchTarget', data: {} };
  const id = client.send('shell', { type: 'comm_open', content });
  const close = await client.child(id, published('comm_close'), 10, 'comm_close');
  expect(close.content.comm_id).toBe(comm_id);
  await client.idle(id);
  expect(Object.keys(await openComms())).not.toContain(comm_id);
});

check('comm-busy-idle', async () => {
  const { client } = await sharedKernel();
  for (const type of ['comm_msg', 'comm_close']) {
    const id = client.send('shell', { type, content: { comm_id: 'unknown', data: {} } });
    await client.idle(id);
    await client.settle();
    const states = client.childrenOf(id).flatMap((m) => (m.type === 'status' ? [m.content.execution_state] : []));
    expect(states, type).toEqual(['busy', 'idle']);
  }
});

check('comm-kernel', async () => {
  const { client } = await sharedKernel();
  const cell = await client.run(must(code.openComm)('from-kernel'));
  const open = cell.outputs.find((m) => m.type === 'comm_open');
  expect(open?.content).toMatchObject({ target_name: 'from-kernel', data: { hello: 1 } });
  const comm_id = open?.content.comm_id as string;
  expect(await openComms()).toMatchObject({ [comm_id]: { target_name: 'from-kernel' } });
  expect(Object.keys(await openComms('from-kernel'))).toEqual([comm_id]);
  const id = client.send('shell', { type: 'comm_msg', content: { comm_id, data: { n: 5 } } });
  const answer = await client.child(id, published('comm_msg'), 10, 'comm_msg');
  expect(answer.content).toMatchObject({ comm_id, data: { echo: { n: 5 } } });
  await client.idle(id);
  await client.idle(client.send('shell', { type: 'comm_close', content: { comm_id, data: {} } }));
  expect(Object.keys(await openComms())).not.toContain(comm_id);
});

/** Opens a comm from the front end to a target that answers everything. */
async function openFromHere() {
  const { client } = await sharedKernel();
  const target = `target-${randomUUID()}`;
  await client.run(must(code.registerTarget)(target));
  const comm_id = randomUUID();
  const content = { comm_id, target_name: target, data: { first: true } };
  const id = client.send('shell', { type: 'comm_open', content });
  const opened = await client.child(id, published('comm_msg'), 10, 'comm_msg');
  expect(opened.content).toMatchObject({ comm_id, data: { opened: { first: true } } });
  await client.idle(id);
  return { client, comm_id };
}

check('comm-target', async () => {
  const { client, comm_id } = await openFromHere();
  expect(Object.keys(await openComms())).toContain(comm_id);
  const bytes = Buffer.from([0, 1, 2, 254, 255]);
  const content = { comm_id, data: { n: 1 } };
  const id = client.send('shell', { type: 'comm_msg', content, buffers: [bytes, Buffer.alloc(0)] });
  const answer = await client.child(id, published('comm_msg'), 10, 'comm_msg');
  expect(answer.content).toMatchObject({ comm_id, data: { echo: { n: 1 } } });
  expect(answer.buffers.map((b) => [...b])).toEqual([[...bytes], []]);
  await client.idle(client.send('shell', { type: 'comm_close', content: { comm_id, data: {} } }));
  expect(Object.keys(await openComms())).not.toContain(comm_id);
});

check('buffers-out', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(must(code.commWithBuffers));
  const message = done.outputs.find((m) => m.type === 'comm_msg');
  expect(message?.content.data).toEqual({ n: 3 });
  expect(message?.buffers.map((b) => [...b])).toEqual([[0, 1, 255]]);
});

kernelTest(
  '10,000 messages of a comm are answered in order',
  async () => {
    const { client, comm_id } = await openFromHere();
    const ids = Array.from({ length: 10_000 }, (_, n) =>
      client.send('shell', { type: 'comm_msg', content: { comm_id, data: { n } } }),
    );
    await client.idle(ids[9999], 240);
    const answers = client.received.filter((m) => published('comm_msg')(m) && m.content.comm_id === comm_id).slice(1);
    expect(answers.map((m) => (m.content.data as { echo: { n: number } }).echo.n)).toEqual(ids.map((_, n) => n));
    expect(answers.map((m) => m.parent.msg_id)).toEqual(ids);
  },
  { seconds: 300 },
);
