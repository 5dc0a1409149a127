import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { curveKeyPair, Dealer } from 'zeromq';
import { channelNames } from '../../../kernel-setup/kernel/host/connection';
import { scratchFolder } from '../../support/project-copy';
import { PageClient } from './client/page-kernel';
import { delimiter, encode, makeHeader, sign } from './client/wire';
import { ZmqClient } from './client/zmq-client';
import { check, code, Kernel, must, sharedKernel, sharedProcess, type TestedKernel } from './harness';

/** Runs an endless loop in the kernel. */
async function occupy<K extends TestedKernel>(kernel: K) {
  const { client } = kernel;
  const id = client.submit(code.forever);
  await client.busy(id);
  await sleep(500);
  const over = async () => {
    kernel.interrupt();
    await client.finished(id);
  };
  return { client: client as K['client'], over };
}

const requests: [type: string, content: object][] = [
  ['kernel_info', {}],
  ['execute', { code: '', silent: false, store_history: true, user_expressions: {}, allow_stdin: false }],
  ['complete', { code: 'x', cursor_pos: 1 }],
  ['inspect', { code: 'x', cursor_pos: 1, detail_level: 0 }],
  ['is_complete', { code: '1' }],
  ['history', { output: false, raw: true, hist_access_type: 'tail', n: 1 }],
  ['comm_info', {}],
];

check('hb', async () => {
  const { client } = await sharedProcess();
  expect(await client.heartbeat('ping 1', 5000)).toBe('ping 1');
  expect(await client.heartbeat('ping 2', 5000)).toBe('ping 2');
});

check('hb-busy', async () => {
  const { client, over } = await occupy(await sharedProcess());
  expect(await client.heartbeat('are you there', 30_000)).toBe('are you there');
  await over();
});

check('control-busy', async () => {
  const { client, over } = await occupy(await sharedKernel());
  const reply = await client.request('control', 'kernel_info_request', {});
  expect(reply.type).toBe('kernel_info_reply');
  await over();
});

check('shell-busy', async () => {
  const { client, over } = await occupy(await sharedKernel());
  const free = requests.filter(([name]) => name !== 'execute');
  const ids = free.map(([name, content]) => client.send('shell', { type: `${name}_request`, content }));
  const replies = await Promise.all(ids.map((id) => client.reply(id)));
  expect(replies.map(({ channel, type }) => [channel, type])).toEqual(free.map(([name]) => ['shell', `${name}_reply`]));
  await over();
});

check('ki-control', async () => {
  const { client } = await sharedKernel();
  const id = client.send('control', { type: 'kernel_info_request', content: {} });
  const [reply] = await Promise.all([client.reply(id), client.idle(id)]);
  expect(reply).toMatchObject({ channel: 'control', type: 'kernel_info_reply', parent: { msg_id: id } });
  const published = client.childrenOf(id).filter((m) => m.channel === 'iopub');
  expect(published.map((m) => m.content.execution_state)).toEqual(['busy', 'idle']);
});

check('busy-idle', async () => {
  const { client } = await sharedKernel();
  for (const [name, content] of requests) {
    const id = client.send('shell', { type: `${name}_request`, content });
    await Promise.all([client.reply(id), client.idle(id)]);
    await client.settle();
    const all = client.childrenOf(id);
    expect(all.filter((m) => m.channel === 'shell').map((m) => m.type)).toEqual([`${name}_reply`]);
    const states = all.filter((m) => m.type === 'status').map((m) => m.content.execution_state);
    expect(states, name).toEqual(['busy', 'idle']);
    const published = all.filter((m) => m.channel === 'iopub').map((m) => m.type);
    expect([published.at(0), published.at(-1)], name).toEqual(['status', 'status']);
  }
});

check('header', async () => {
  const { client } = await sharedKernel();
  await client.run(code.print('some output'));
  await client.execute(code.raise('an error'));
  await sleep(300); // tslab drops requests that follow an error
  for (const [name, content] of requests) {
    await client.idle(client.send('shell', { type: `${name}_request`, content }));
  }
  for (const { header } of client.received) {
    expect(header).toMatchObject({
      msg_id: expect.stringMatching(/./),
      session: expect.stringMatching(/./),
      username: expect.any(String),
      msg_type: expect.stringMatching(/^[a-z_]+$/),
      version: expect.stringMatching(/^5\.\d+/),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/),
    });
  }
  const ids = client.received.map((m) => m.header.msg_id);
  expect(ids.length).toBeGreaterThan(20);
  expect(new Set(ids).size).toBe(ids.length);
});

check('parent-header', async () => {
  const { client } = await sharedKernel();
  const content = { code: code.print('x'), silent: false, store_history: true, stop_on_error: false };
  const header = { ...makeHeader('execute_request', client.session), username: 'somebody' };
  await client.finished(client.send('shell', { type: 'execute_request', content, header }));
  const all = client.childrenOf(header.msg_id);
  expect(new Set(all.map((m) => m.type))).toEqual(new Set(['status', 'execute_input', 'stream', 'execute_reply']));
  for (const { parent, type } of all) expect(parent, type).toMatchObject({ ...header, date: expect.any(String) });
});

check('session-id', async () => {
  const { client } = await sharedKernel();
  await client.run(code.print('x'));
  const sessions = [...new Set(client.received.map((m) => m.header.session))];
  expect(sessions).toHaveLength(1);
  expect(sessions[0]).not.toBe(client.session);
});

check('topic', async () => {
  const { client } = await sharedKernel();
  await client.run(code.print('x'));
  // The welcome contains the subscribed topic, which is empty.
  const published = client.received.filter((m) => m.channel === 'iopub' && m.type !== 'iopub_welcome');
  expect(published.length).toBeGreaterThan(3);
  for (const { topics, type } of published) expect(topics, type).toEqual([expect.any(String)]);
});

check('hmac', async () => {
  const { client } = await sharedProcess();
  const before = (await client.run(code.declare('before', 1))).reply.content.execution_count as number;
  const header = makeHeader('execute_request', client.session);
  const content = { code: code.print('forged'), silent: false, store_history: true };
  client.sendFrames('shell', encode('another key', header, { type: 'execute_request', content }));
  const after = await client.run(code.declare('after', 1));
  await client.settle();
  expect(after.reply.content.execution_count).toBe(before + 1);
  expect(client.childrenOf(header.msg_id)).toEqual([]);
  expect(client.received.some((m) => m.content.text === 'forged\n')).toBe(false);
});

/** Frames that are not messages. */
function brokenFrames({ connection: { key }, session }: ZmqClient): (string | Uint8Array)[][] {
  const signed = (...parts: string[]) => [delimiter, sign(key, parts), ...parts];
  const header = (type: string) => JSON.stringify(makeHeader(type, session));
  return [
    ['garbage'],
    [''],
    [delimiter],
    [delimiter, 'no signature'],
    ['a', 'b', 'c', 'd', 'e', 'f'],
    [Buffer.from([0xff, 0xfe, 0, 1])],
    signed('not json', '{}', '{}', '{}'),
    signed('{}', '{}', '{}', '{}'),
    signed('[]', '[]', '[]', '[]'),
    signed('null', 'null', 'null', 'null'),
    signed(header('kernel_info_request'), '{}', '{}'),
    signed(header('execute_request'), '{}', '{}', '7'),
    signed(header('execute_request'), '{}', '{}', '{"code": '),
  ];
}

/** Data that are not messages. */
function brokenData({ session }: PageClient): unknown[] {
  const header = makeHeader('execute_request', session);
  const rest = { parent_header: {}, metadata: {}, content: {}, buffers: [] };
  return [
    ...['garbage', '', null, 7, true, [], {}, [[]], { header: null }, { header: 'text' }, { header: {}, ...rest }],
    ...[{ type: 'garbage' }, { type: 3 }, { type: null }],
    { channel: 'shell', header },
    ...['shell', 'control', 'stdin', 'iopub', 'garbage', 3].map((channel) => ({ channel, header: {}, ...rest })),
    ...[null, 7, 'text', []].map((content) => ({ channel: 'shell', header, ...rest, content })),
    ...[null, 7, [], 'text'].map((metadata) => ({ channel: 'shell', header, ...rest, metadata })),
    ...[null, 7, ['text', null]].map((buffers) => ({ channel: 'shell', header, ...rest, buffers })),
    { channel: 'shell', header: { ...header, msg_type: 'comm_msg' }, ...rest, parent_header: null },
  ];
}

/** Messages whose content is not what their type declares. */
const brokenContents: [type: string, content: unknown][] = [
  ['execute_request', {}],
  ['complete_request', { code: 3, cursor_pos: 'x' }],
  ['inspect_request', {}],
  ['is_complete_request', {}],
  ['history_request', {}],
  ['comm_msg', {}],
  ['comm_open', { comm_id: 5 }],
  ['input_reply', {}],
];

check('malformed', async () => {
  const kernel = await sharedKernel();
  const { client } = kernel;
  if (client instanceof PageClient) for (const data of brokenData(client)) client.postAnything(data);
  for (const channel of ['shell', 'control', 'stdin'] as const) {
    if (client instanceof ZmqClient) for (const frames of brokenFrames(client)) client.sendFrames(channel, frames);
    for (const [type, content] of brokenContents) client.send(channel, { type, content });
  }
  await client.request('shell', 'kernel_info_request', {});
  await client.request('control', 'kernel_info_request', {});
  if (client instanceof ZmqClient) expect(await client.heartbeat('alive', 5000)).toBe('alive');
  await sleep(500); // ipykernel and tslab abort requests that follow an error
  expect((await client.run(code.print('still here'))).stdout).toBe('still here\n');
  expect(kernel.exited).toBe(false);
});

check('unknown-type', async () => {
  const { client } = await sharedKernel();
  client.send('shell', { type: 'flurble_request', content: { a: 1 } });
  client.send('control', { type: 'flurble_request', content: { a: 1 } });
  const info = await client.request('shell', 'kernel_info_request', { another: { key: [1] } });
  expect(info.type).toBe('kernel_info_reply');
  const content = { code: code.print('fine'), silent: false, flurble: null, cell: { id: 'x' } };
  const id = client.send('shell', { type: 'execute_request', content, metadata: { cellId: 'x', deletedCells: [] } });
  expect((await client.finished(id)).stdout).toBe('fine\n');
});

check('two-clients', async () => {
  const kernel = await sharedKernel();
  const one = kernel.client;
  const two = await kernel.connect();
  try {
    const [first, second] = [one.submit(code.print('from one')), two.submit(code.print('from two'))];
    expect((await one.finished(first)).stdout).toBe('from one\n');
    expect((await two.finished(second)).stdout).toBe('from two\n');
    await Promise.all([one.idle(second), two.idle(first)]);
    const others = [one.childrenOf(second), two.childrenOf(first)];
    for (const seen of others) {
      expect(seen.map((m) => m.type)).toEqual(expect.arrayContaining(['status', 'stream']));
      expect(seen.filter((m) => m.channel !== 'iopub')).toEqual([]);
    }
    expect(others[0].every((m) => m.parent.session === two.session)).toBe(true);
  } finally {
    two.close();
  }
});

check('reconnect', async () => {
  const { connection } = await Kernel.start();
  const routingId = randomUUID();
  const first = await ZmqClient.connect(connection, { routingId });
  const second = await ZmqClient.connect(connection, { routingId });
  try {
    const reply = await second.request('shell', 'kernel_info_request', {});
    expect(reply.parent.session).toBe(second.session);
    expect((await second.run(code.print('again'))).stdout).toBe('again\n');
  } finally {
    first.close();
    second.close();
  }
});

check('no-key', async () => {
  const { client } = await Kernel.start({ key: '' });
  expect((await client.run(code.print('unsigned'))).stdout).toBe('unsigned\n');
});

/** Sends a message on each of the five channels. */
async function talk({ client }: Kernel): Promise<void> {
  const id = client.submit(must(code.input)('Your name? '), { allow_stdin: true });
  const question = await client.child(id, (m) => m.type === 'input_request');
  expect(question.channel).toBe('stdin');
  client.send('stdin', { type: 'input_reply', content: { value: 'Ada' }, parent: question.header });
  await client.finished(id);
  expect(JSON.stringify((await client.run('answer')).results[0]?.content)).toContain('Ada');
  expect((await client.request('control', 'kernel_info_request', {})).type).toBe('kernel_info_reply');
  expect(await client.heartbeat('beat', 30_000)).toBe('beat');
}

check('ipc', async () => {
  const folder = scratchFolder();
  const file = path.join(folder, 'kernel-ipc');
  const ports = Object.fromEntries(channelNames.map((name, i) => [`${name}_port`, i + 1]));
  try {
    const kernel = await Kernel.start({ transport: 'ipc', ip: file, ...ports });
    expect(fs.readdirSync(folder).sort()).toEqual([1, 2, 3, 4, 5].map((port) => `kernel-ipc-${port}`));
    await talk(kernel);
    await kernel.client.request('control', 'shutdown_request', { restart: false });
    expect(await kernel.exits(60)).toBe(true);
    expect(fs.readdirSync(folder)).toEqual([]);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

check('curve', async () => {
  const { publicKey, secretKey } = curveKeyPair();
  const kernel = await Kernel.start({ curve_publickey: publicKey, curve_secretkey: secretKey });
  const { client } = kernel;
  await talk(kernel);
  const other = curveKeyPair();
  const others = {
    'without keys': {},
    'with other keys': {
      curveServerKey: other.publicKey,
      curvePublicKey: other.publicKey,
      curveSecretKey: other.secretKey,
    },
  };
  for (const [name, keys] of Object.entries(others)) {
    const stranger = new Dealer({ linger: 0, receiveTimeout: 1000, ...keys });
    const header = makeHeader('execute_request', client.session);
    const content = { code: code.print('forged'), silent: false, store_history: true };
    stranger.connect(client.address('shell'));
    // Correctly signed: the connection is rejected, not the message.
    await stranger.send(encode(client.connection.key, header, { type: 'execute_request', content }));
    await expect(stranger.receive(), name).rejects.toThrow();
    stranger.close();
    await client.settle();
    expect(client.childrenOf(header.msg_id), name).toEqual([]);
  }
});
