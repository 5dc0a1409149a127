import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Client } from './client/client';
import { textOf } from './client/execution';
import { ZmqClient } from './client/zmq-client';
import { code, freshKernel, Kernel, kernelTest, sharedKernel } from './harness';

/** The numbers that cells printed, for any client. */
const printed = ({ received }: Client) =>
  received
    .flatMap((m) => (m.type === 'stream' ? String(m.content.text).match(/(?<=cell )\d+/g) : null) ?? [])
    .map(Number);

kernelTest('cells of a client that disconnects half-way run to the last, for all to see', async () => {
  const kernel = await freshKernel();
  const { client } = kernel;
  const leaving = await kernel.connect();
  await client.run(code.declare('done', 0));
  const cells = Array.from({ length: 30 }, (_, i) => i);
  const ids = cells.map((i) =>
    leaving.submit(`${code.sleep(30)}\n${code.assign('done', i + 1)}\n${code.print(`cell ${i}`)}`),
  );
  await leaving.finished(ids[5]);
  leaving.close();
  await client.idle(ids[29]);
  expect(printed(client)).toEqual(cells);
  expect(textOf((await client.run('done')).results[0])).toBe('30');
});

const comesBack = async () => {
  const { connection } = await Kernel.start();
  const routingId = randomUUID();
  const before = await ZmqClient.connect(connection, { routingId });
  const id = before.submit(`${code.sleep(6000)}\n${code.print('finished')}`);
  await before.busy(id);
  before.close();
  const after = await ZmqClient.connect(connection, { routingId });
  try {
    expect((await after.reply(id)).content.status).toBe('ok');
    expect((await after.run(code.print('again'))).stdout).toBe('again\n');
  } finally {
    after.close();
  }
};
kernelTest('a client that comes back under its identity gets the replies of what it left running', comesBack, {
  notInPage: 'its kernel ends with it.',
});

kernelTest('messages as JupyterLab and VS Code write them', async () => {
  const { client } = await sharedKernel();
  const header = { username: '', version: '5.2', subshell_id: null };
  const request = (type: string, content: object, metadata = {}) =>
    client.send('shell', { type, content, metadata, header });
  // VS Code's first, silent request; then a cell as JupyterLab sends it.
  const content = { code: '1 + 1', store_history: false, silent: true, allow_stdin: false, stop_on_error: false };
  const silent = await client.finished(request('execute_request', content));
  expect(silent.reply.content.status).toBe('ok');
  const metadata = { deletedCells: [], recordTiming: true, cellId: randomUUID(), trusted: true };
  const cell = { code: '1 + 2', silent: false, store_history: true, user_expressions: {}, allow_stdin: true };
  const done = await client.finished(request('execute_request', { ...cell, stop_on_error: true }, metadata));
  expect(textOf(done.results[0])).toBe('3');
  expect(done.results[0].parent).toMatchObject(header);
});
