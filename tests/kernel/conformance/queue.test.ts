import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { check, code, sharedKernel } from './harness';

check('serial', async () => {
  const { client } = await sharedKernel();
  const cells = [1, 2, 3].map(
    (n) => `${code.print(`begin ${n}`)}\n${code.sleep(300)}\n${code.loopFor(50)}\n${code.print(`end ${n}`)}`,
  );
  const ids = cells.map((cell) => client.submit(cell));
  for (const [i, id] of ids.entries()) {
    const done = await client.finished(id);
    expect(done.stdout).toBe(`begin ${i + 1}\nend ${i + 1}\n`);
    expect(done.iopub.map((m) => m.type)).toEqual(
      expect.arrayContaining(['status', 'execute_input', 'stream', 'status']),
    );
  }
  // Messages of different cells are not interleaved.
  const order = client.received.filter((m) => m.channel === 'iopub' && ids.includes(m.parent.msg_id ?? ''));
  const sequence = order.map((m) => ids.indexOf(m.parent.msg_id ?? ''));
  expect(sequence).toEqual([...sequence].sort());
});

check(
  'rapid-1000',
  async () => {
    const { client } = await sharedKernel();
    const first = (await client.run(code.declare('running', 0))).reply.content.execution_count as number;
    const ids = Array.from({ length: 1000 }, (_, i) =>
      client.submit(`${code.assign('running', i)}\n${code.print(`cell ${i}`)}`),
    );
    const all = [];
    for (const id of ids) all.push(await client.finished(id, 240));
    expect(all.map((done) => done.reply.content.execution_count)).toEqual(ids.map((_, i) => first + 1 + i));
    expect(all.map((done) => done.stdout)).toEqual(ids.map((_, i) => `cell ${i}\n`));
    const replies = client.received.filter((m) => m.type === 'execute_reply' && ids.includes(m.parent.msg_id ?? ''));
    expect(replies.map((m) => m.parent.msg_id)).toEqual(ids);
  },
  { seconds: 300 },
);

check('huge-cell', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(code.hugeCell(5000));
  expect(done.outputs.map((m) => JSON.stringify(m.content)).join('')).toContain('4998');
});

/** Sends a cell that fails after a while and, immediately, two more; returns the statuses of their replies. */
async function behindAnError(options: { stop_on_error: boolean }) {
  const { client } = await sharedKernel();
  await client.run(code.declare('reached', 'nothing'));
  const ids = [
    client.submit(`${code.sleep(500)}\n${code.raise('first')}`, options),
    client.submit(code.assign('reached', 'the second'), options),
    client.submit('1 + 1', options),
  ];
  const states = [];
  for (const id of ids) states.push((await client.reply(id)).content.status);
  await sleep(500);
  const done = await client.run('reached');
  return { states, reached: done.outputs.map((m) => JSON.stringify(m.content)).join('') };
}

check('abort-queue', async () => {
  const { states, reached } = await behindAnError({ stop_on_error: true });
  expect(states[0]).toBe('error');
  for (const state of states.slice(1)) expect(['aborted', 'error']).toContain(state);
  expect(reached).toContain('nothing');
});

check('no-abort', async () => {
  const { states, reached } = await behindAnError({ stop_on_error: false });
  expect(states).toEqual(['error', 'ok', 'ok']);
  expect(reached).toContain('the second');
});

check('after-error', async () => {
  const { client } = await sharedKernel();
  for (let round = 0; round < 5; round++) {
    await client.reply(client.submit(code.raise('x')));
    const next = client.submit(code.print('right after'));
    expect((await client.reply(next)).content.status).toBe('ok');
    expect((await client.finished(next)).stdout).toBe('right after\n');
  }
});
