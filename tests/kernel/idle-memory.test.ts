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

it.runIf(process.platform === 'linux')(
  'the process of the cells gives memory back while nobody asks for anything',
  async () => {
    // A hundred megabytes of objects, all unreachable when the cell ends.
    const cell = 'let pieces = Array.from({ length: 2_000_000 }, (_, i) => ({ i }));\npieces = [];\nprocess.pid';
    const pid = Number(textOf(await kernel.execute(cell)));
    const megabytes = (field: 'VmHWM' | 'VmRSS') =>
      Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1000;
    // The most that it ever had: some may be back before anybody looks.
    const most = megabytes('VmHWM');
    expect(most).toBeGreaterThan(130);
    await expect.poll(() => megabytes('VmRSS')).toBeLessThan(most - 60);
  },
);
