import { expect } from 'vitest';
import { makeContext, paths } from '../../../kernel-setup/setup/index.mjs';
import { startKernel, textOf } from '../../../kernel-setup/setup/kernel-client.mjs';
import { specName } from './client/kernel';
import { check, code, freshKernel, type Kernel } from './harness';

/** Asks the kernel to shut down; it answers and ends. */
async function shutDown(kernel: Kernel, restart: boolean) {
  const { client } = kernel;
  const id = client.send('control', { type: 'shutdown_request', content: { restart } });
  const [reply, exited] = await Promise.all([client.reply(id), kernel.exits(60)]);
  expect(reply).toMatchObject({
    channel: 'control',
    type: 'shutdown_reply',
    content: { status: 'ok', restart },
  });
  expect(exited).toBe(true);
}

check('shutdown', async () => {
  const kernel = await freshKernel();
  await kernel.client.run(code.print('x'));
  await shutDown(kernel, false);
});

check('shutdown-restart', async () => {
  const kernel = await freshKernel();
  await shutDown(kernel, true);
});

check('shutdown-busy', async () => {
  const kernel = await freshKernel();
  await kernel.client.busy(kernel.client.submit(code.forever));
  await shutDown(kernel, false);
});

check(
  'restart',
  async () => {
    const kernel = await startKernel(makeContext({ log: () => undefined }), specName, paths.notebooks);
    try {
      await kernel.execute(code.declare('forgotten', 1));
      expect((await kernel.execute('forgotten')).status).toBe('ok');
      await kernel.restart();
      const first = await kernel.execute('1 + 1');
      expect(first).toMatchObject({ status: 'ok', outputs: [expect.any(Object)] });
      expect(textOf(first).trim()).toBe('2');
      expect(first.outputs[0].execution_count ?? 1).toBe(1);
      expect((await kernel.execute('forgotten')).status).toBe('error');
    } finally {
      await kernel.stop();
    }
  },
  { seconds: 180 },
);
