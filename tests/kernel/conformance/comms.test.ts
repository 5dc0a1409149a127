import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Message } from './client/wire';
import { check, code, kernelTest, must, ours, sharedKernel } from './harness';

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

/** Two comms, whose handlers execute and print their messages, and a promise that one of them settles. */
const comms = `var settle = (_: unknown) => {}, seen: unknown[] = [];
const answer = async (comm: any, { data }: any) => {
  console.log("got", data.n);
  if (data.sleep) await new Promise((next) => setTimeout(next, data.sleep));
  if (data.forever) await new Promise(() => {});
  if (data.loop) for (;;) seen.length;
  seen.push(data.n);
  comm.send({ n: data.n });
  if (data.settle) settle(data.n);
};
var one = new Jupyter.Comm({ target_name: "one" }), other = new Jupyter.Comm({ target_name: "other" });
for (const comm of [one, other]) comm.onMsg((message: any) => answer(comm, message));
[one.commId, other.commId].join()`;

async function openTwo() {
  const { client } = await sharedKernel();
  const [result] = (await client.run(comms)).results;
  const ids = (result!.content.data as Record<string, string>)['text/plain']!.replaceAll("'", '').split(',');
  const tell = (comm: number, data: object) =>
    client.send('shell', { type: 'comm_msg', content: { comm_id: ids[comm], data } });
  const textOf = (id: string) =>
    client
      .childrenOf(id)
      .flatMap((m) => (m.type === 'stream' ? [m.content.text] : []))
      .join('');
  const printed = (id: string, text: string) =>
    client.child(id, (m) => m.type === 'stream' && String(m.content.text).includes(text), 30, text);
  /** Positions of the ends of requests among all messages. */
  const ended = (...requests: string[]) =>
    requests.map((id) =>
      client.received.findIndex((m) => m.parent.msg_id === id && m.content.execution_state === 'idle'),
    );
  return { client, tell, textOf, printed, ended };
}
const waiting =
  'console.log("waits"); const given = await new Promise((next) => { settle = next; }); console.log("goes on", given);';

kernelTest(
  'a comm message that comes while a cell awaits is handled at once; what each puts out is its own',
  async () => {
    const { client, tell, textOf, printed, ended } = await openTwo();
    const cell = client.submit(`{ ${waiting} }`);
    const behind = client.submit('console.log("behind")');
    await printed(cell, 'waits');
    const first = tell(0, { n: 1 });
    await client.idle(first);
    const last = tell(1, { n: 2, settle: true });
    await Promise.all([cell, behind, last].map((id) => client.idle(id)));
    await client.settle();
    expect([cell, first, last, behind].map(textOf)).toEqual(['waits\ngoes on 2\n', 'got 1\n', 'got 2\n', 'behind\n']);
    for (const id of [first, last]) {
      const types = client.childrenOf(id).map((m) => m.content.execution_state ?? m.type);
      expect(types.sort()).toEqual(['busy', 'comm_msg', 'idle', 'stream']);
    }
    const [endOfFirst, endOfCell, endOfBehind] = ended(first, cell, behind) as [number, number, number];
    expect(endOfFirst).toBeLessThan(endOfCell);
    expect(endOfCell).toBeLessThan(endOfBehind);
    // After the end of the message, a status tells the client that the cell still runs.
    const states = client.received.slice(endOfFirst + 1, endOfCell).filter((m) => m.type === 'status');
    expect(states[0]).toMatchObject({ parent: {}, content: { execution_state: 'busy' } });
  },
  { only: 'ts', kernels: ours },
);

kernelTest(
  'handlers that await: messages of one comm keep their order, those of another do not wait',
  async () => {
    const { client, tell, textOf, printed, ended } = await openTwo();
    const cell = client.submit(`{ ${waiting} }`);
    await printed(cell, 'waits');
    const slow = tell(0, { n: 1, sleep: 500 });
    const next = tell(0, { n: 2 });
    const other = tell(1, { n: 3 });
    await client.idle(next);
    const [endOfSlow, endOfNext, endOfOther] = ended(slow, next, other) as [number, number, number];
    expect(endOfOther).toBeLessThan(endOfSlow);
    expect(endOfSlow).toBeLessThan(endOfNext);
    await client.idle(tell(0, { n: 4, settle: true }));
    await client.idle(cell);
    expect((await client.run('seen.join()')).results[0]!.content.data).toMatchObject({ 'text/plain': "'3,1,2,4'" });
    expect(textOf(cell)).toBe('waits\ngoes on 4\n');
  },
  { only: 'ts', kernels: ours },
);

kernelTest(
  'Stop ends a cell that awaits and the handlers beside it, whether they await or loop, and nothing that comes after',
  async () => {
    for (const kind of ['forever', 'loop']) {
      const { client, tell, textOf, printed } = await openTwo();
      const cell = client.submit(`{ ${waiting} }`);
      await printed(cell, 'waits');
      const handler = tell(0, { n: 1, [kind]: true });
      await printed(handler, 'got 1');
      const behind = tell(1, { n: 2 });
      if (kind === 'forever') await client.idle(behind);
      await client.request('control', 'interrupt_request', {});
      expect((await client.finished(cell)).reply.content).toMatchObject({ status: 'error', ename: 'KernelInterrupt' });
      await Promise.all([handler, behind].map((id) => client.idle(id)));
      expect(textOf(handler).match(/KernelInterrupt/g), kind).toHaveLength(1);
      expect(textOf(behind), kind).toBe('got 2\n');
      await client.idle(tell(0, { n: 3 }));
      expect((await client.run('seen.join()')).results[0]!.content.data).toMatchObject({ 'text/plain': "'2,3'" });
    }
  },
  { only: 'ts', kernels: ours },
);

kernelTest(
  'what a cell asks for after a comm message is answered',
  async () => {
    const { client, tell, printed } = await openTwo();
    const cell = client.submit(`{ ${waiting} console.log("hello", await Jupyter.input("who? ")); }`, {
      allow_stdin: true,
    });
    await printed(cell, 'waits');
    const asked = client.wait((m) => m.type === 'input_request', 30, 'input_request');
    await client.idle(tell(0, { n: 1, settle: true }));
    await asked;
    client.send('stdin', { type: 'input_reply', content: { value: 'Ada' } });
    expect((await client.finished(cell)).stdout).toBe('waits\ngoes on 1\nhello Ada\n');
  },
  { only: 'ts', kernels: ours },
);
