import fs from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { makeContext, paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { startKernel, textOf } from '../../kernel-setup/setup/kernel-client.mjs';

beforeAll(async () => setUp({ log: () => {} }));

it.runIf(process.platform === 'linux')(
  'kernels that start simultaneously listen on different ports, outside the range for outgoing connections',
  async () => {
    const kernels = await Promise.all([1, 2, 3].map(() => startKernel(makeContext(), 'gradlab', paths.root)));
    try {
      const used = kernels.flatMap(({ pid }) => {
        const file = fs
          .readFileSync(`/proc/${pid}/cmdline`, 'utf8')
          .split('\0')
          .find((part) => part.endsWith('.json'))!;
        const connection: object = JSON.parse(fs.readFileSync(file, 'utf8'));
        return Object.entries(connection).flatMap(([key, port]) => (key.endsWith('_port') ? [port] : []));
      });
      const [lowest] = fs.readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t');
      expect(used).toHaveLength(15);
      expect(new Set(used).size).toBe(15);
      expect(Math.max(...used)).toBeLessThan(Number(lowest));
      expect(textOf(await kernels[2].execute('6 * 7', 60))).toBe('42');
    } finally {
      await Promise.all(kernels.map((kernel) => kernel.stop()));
    }
  },
);
