import { expect } from 'vitest';
import { makeContext, paths } from '../../../kernel-setup/setup/index.mjs';
import { startKernel, textOf as textOfRun } from '../../../kernel-setup/setup/kernel-client.mjs';
import { textOf } from './client/execution';
import { specName } from './client/kernel';
import { PageKernel } from './client/page-kernel';
import { check, code, freshKernel, kernelName, type TestedKernel } from './harness';

/** Requests a shutdown; the kernel replies and ends. */
async function shutDown(kernel: TestedKernel, restart: boolean) {
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

interface Ran {
  status: unknown;
  text: string;
  count: unknown;
}

/** Starts a kernel with a restarter: Jupyter's kernel manager, or, in a page, another worker as in JupyterLite. */
async function startManaged() {
  if (kernelName === 'page') {
    const kernel = await PageKernel.start();
    const run = async (cell: string): Promise<Ran> => {
      const { reply, results } = await kernel.client.execute(cell);
      return { status: reply.content.status, text: textOf(results[0]), count: reply.content.execution_count };
    };
    return { run, restart: () => kernel.restart(), stop: () => kernel.stop() };
  }
  const kernel = await startKernel(makeContext({ log: () => undefined }), specName, paths.notebooks);
  const run = async (cell: string): Promise<Ran> => {
    const done = await kernel.execute(cell);
    return { status: done.status, text: textOfRun(done).trim(), count: done.outputs[0]?.execution_count ?? 1 };
  };
  return { run, restart: () => kernel.restart(), stop: () => kernel.stop() };
}

check(
  'restart',
  async () => {
    const kernel = await startManaged();
    try {
      await kernel.run(code.declare('forgotten', 1));
      expect((await kernel.run('forgotten')).status).toBe('ok');
      await kernel.restart();
      expect(await kernel.run('1 + 1')).toEqual({ status: 'ok', text: '2', count: 1 });
      expect((await kernel.run('forgotten')).status).toBe('error');
    } finally {
      await kernel.stop();
    }
  },
  { seconds: 180 },
);
