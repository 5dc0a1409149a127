import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Request as RequestSocket } from 'zeromq';
import { openSockets, type Sockets } from '../../../kernel-setup/kernel/host/sockets';
import { scratchFolder } from '../../support/project-copy';

let folder: string;
let sockets: Sockets;

beforeEach(async () => {
  folder = scratchFolder();
  const ports = { shell_port: 1, control_port: 2, stdin_port: 3, iopub_port: 4, hb_port: 5 };
  sockets = await openSockets({ transport: 'ipc', ip: path.join(folder, 'kernel'), key: '', ...ports });
});

afterEach(() => {
  sockets.close();
  fs.rmSync(folder, { recursive: true });
});

test.skipIf(process.platform === 'win32')('the ipc transport names its sockets by file and number', async () => {
  expect(fs.readdirSync(folder).sort()).toEqual([1, 2, 3, 4, 5].map((port) => `kernel-${port}`));
  const heart = new RequestSocket({ receiveTimeout: 10_000, linger: 0 });
  heart.connect(`ipc://${path.join(folder, 'kernel')}-5`);
  for (const beat of ['one', 'two']) {
    await heart.send(beat);
    expect(String(await heart.receive())).toBe(beat);
  }
  heart.close();
});
