import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { check, code, kernelTest, sharedKernel, sharedProcess, type TestedKernel } from './harness';

const byGroup = async () => (await sharedProcess()).signal('SIGINT', true);
const byProcess = async () => (await sharedProcess()).signal('SIGINT', false);
const bySpec = (kernel: TestedKernel) => kernel.interrupt();
const byMessage =
  (channel: 'shell' | 'control') =>
  async ({ client }: TestedKernel) => {
    const reply = await client.request(channel, 'interrupt_request', {});
    expect(reply).toMatchObject({ channel, type: 'interrupt_reply', content: { status: 'ok' } });
  };

/** Interrupts a cell that would never end; variables of it and earlier cells must stay. */
async function interrupted(endless: string, how: (kernel: TestedKernel) => unknown) {
  const kernel = await sharedKernel();
  const { client } = kernel;
  await client.run(code.declare('kept', 1));
  const id = client.submit(`${code.assign('kept', 2)}\n${code.print('now')}\n${endless}`);
  await client.child(id, (m) => m.type === 'stream');
  await sleep(200); // until the cell has reached its loop
  await how(kernel);
  const done = await client.finished(id);
  expect(done.reply.content.status).toBe('error');
  await sleep(300); // tslab drops requests that follow an error
  const shown = await client.run('kept');
  expect(JSON.stringify(shown.outputs.map((m) => m.content))).toContain('2');
  return done;
}

check('int-sync-signal', async () => {
  await interrupted(code.forever, byGroup);
  await interrupted(code.forever, byProcess);
});

check('int-sync-message', async () => {
  await interrupted(code.forever, byMessage('control'));
});

check('int-shell', async () => {
  const kernel = await sharedKernel();
  const { client } = kernel;
  for (const endless of [code.forever, code.pendingAwait]) {
    await interrupted(endless, async () => {
      const queued = client.submit(code.assign('kept', 3));
      await byMessage('shell')(kernel);
      expect((await client.reply(queued)).content.status).toBe('aborted');
    });
  }
});

check('int-spec', async () => {
  await interrupted(code.forever, bySpec);
});

check('int-await', async () => {
  await interrupted(code.pendingAwait, bySpec);
});

check('int-loop-after-await', async () => {
  await interrupted(code.loopAfterAwait, bySpec);
});

check('int-loop-after-timer', async () => {
  await interrupted(code.loopAfterTimer, bySpec);
});

check('int-fields', async () => {
  const { reply, errors } = await interrupted(code.forever, bySpec);
  const { ename, evalue, traceback } = reply.content;
  expect(`${ename} ${evalue}`).toMatch(/interrupt/i);
  expect(errors.map((m) => m.content)).toEqual([{ ename, evalue, traceback }]);
});

check('int-idle', async () => {
  const kernel = await sharedKernel();
  await kernel.client.run(code.declare('idle', 5));
  kernel.interrupt();
  await sleep(500);
  const done = await kernel.client.run(`${code.sleep(300)}\nidle + 1`);
  expect(JSON.stringify(done.outputs.map((m) => m.content))).toContain('6');
});

check('int-queue', async () => {
  for (const endless of [code.forever, code.pendingAwait]) {
    const kernel = await sharedKernel();
    const { client } = kernel;
    const id = client.submit(endless);
    await client.busy(id);
    await sleep(500);
    kernel.interrupt();
    await client.reply(id);
    const next = await client.execute(`${code.sleep(200)}\n${code.print('at once')}`);
    expect(next.reply.content.status).toBe('ok');
    expect(next.stdout).toBe('at once\n');
  }
});

kernelTest('an interrupt aborts what is queued', async () => {
  const kernel = await sharedKernel();
  const { client } = kernel;
  await client.run(code.declare('touched', 1));
  const endless = client.submit(code.forever);
  const queued = client.submit(code.assign('touched', 2));
  await client.busy(endless);
  await sleep(500);
  kernel.interrupt();
  await client.finished(endless);
  expect(['aborted', 'error']).toContain((await client.reply(queued)).content.status);
  expect((await client.run('touched')).results[0]?.content.data).toEqual({ 'text/plain': '1' });
});
