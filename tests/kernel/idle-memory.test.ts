import fs from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeContext, paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { startKernel, textOf } from '../../kernel-setup/setup/kernel-client.mjs';

let kernel: Awaited<ReturnType<typeof startKernel>>;
beforeAll(async () => {
  await setUp({ log: () => {} });
  kernel = await startKernel(makeContext(), 'gradlab', paths.root);
});
afterAll(() => kernel?.stop());

it.runIf(process.platform === 'linux')('the process of the cells releases memory while it is idle', async () => {
  // A hundred megabytes of objects, unreachable at the end of the cell.
  const cell = 'let pieces = Array.from({ length: 2_000_000 }, (_, i) => ({ i }));\npieces = [];\nprocess.pid';
  const pid = Number(textOf(await kernel.execute(cell)));
  const megabytes = (field: 'VmHWM' | 'VmRSS') =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1000;
  // The peak: some memory may be released before it is measured.
  const most = megabytes('VmHWM');
  expect(most).toBeGreaterThan(130);
  await expect.poll(() => megabytes('VmRSS')).toBeLessThan(most - 60);
});
