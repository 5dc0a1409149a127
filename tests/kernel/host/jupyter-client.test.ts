// Connections other than plain TCP, made by Jupyter's own client.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { jupyterEnv, makeContext, paths } from '../../../kernel-setup/setup/index.mjs';
import { scratchFolder } from '../../support/project-copy';

const script = path.join(import.meta.dirname, 'talk_by_jupyter.py');

test.each([
  ['ipc', { encrypted: false, sockets: 5 }],
  ['curve', { encrypted: true, sockets: 0 }],
  ['both', { encrypted: true, sockets: 5 }],
])(
  'jupyter_client communicates on all channels, also after a restart, by %s',
  async (way, { encrypted, sockets }) => {
    const folder = scratchFolder();
    try {
      const run = promisify(execFile)(paths.venvPython, [script, way, folder], { env: jupyterEnv(makeContext()) });
      const round = { asked: ['ok', "'Ada'"], control: 'kernel_info_reply', beating: true, sockets };
      expect(JSON.parse((await run).stdout)).toEqual({ encrypted, first: round, restarted: round, left: 0 });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  },
  180_000,
);
