// The options of the connection file: which are supported, and the messages about others.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { curveKeyPair } from 'zeromq';
import {
  addressOf,
  type Connection,
  ConnectionError,
  checkConnection,
  readConnection,
} from '../../../kernel-setup/kernel/host/connection';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { scratchFolder } from '../../support/project-copy';

const ports = { shell_port: 1, control_port: 2, stdin_port: 3, iopub_port: 4, hb_port: 12345 };
const tcp: Connection = { transport: 'tcp', ip: '127.0.0.1', key: 'k', ...ports };
const abilities = { ipc: true, curve: true, longestPath: 107 };

/** The message about an unsupported connection file. */
function said(connection: object, able: object = {}): string | undefined {
  try {
    checkConnection({ ...tcp, ...connection } as Connection, { ...abilities, ...able });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectionError);
    return (error as Error).message;
  }
}

test("addresses have jupyter_client's format", () => {
  expect(addressOf(tcp, 'hb')).toBe('tcp://127.0.0.1:12345');
  expect(addressOf({ ...tcp, transport: 'ipc', ip: '/run/kernel-ipc' }, 'control')).toBe('ipc:///run/kernel-ipc-2');
});

test('rejects an unknown transport', () => {
  expect(said({ transport: 'inproc' })).toBe('the transport must be tcp or ipc, not "inproc"');
  expect(said({ transport: undefined })).toMatch(/tcp or ipc, not undefined/);
});

describe('ipc', () => {
  const ipc = (length: number) => ({ transport: 'ipc', ip: '/'.padEnd(length, 'é') });

  test('the path length limit counts bytes, with the longest port', () => {
    // '/', 50 letters of two bytes, '-12345'
    expect(said(ipc(51))).toBeUndefined();
    expect(said(ipc(52))).toMatch(
      /é-12345 has 109 bytes, and that of a socket at most 107: .*JUPYTER_RUNTIME_DIR.*tcp/,
    );
    expect(said(ipc(51), { longestPath: 103 })).toMatch(/at most 103/);
  });

  test('is rejected on a system without it', () => {
    expect(said(ipc(9), { ipc: false })).toMatch(/ipc is not available on this system; let Jupyter use tcp/);
    expect(said({}, { ipc: false })).toBeUndefined();
  });
});

describe('keys', () => {
  const { publicKey: curve_publickey, secretKey: curve_secretkey } = curveKeyPair();

  test('must come in pairs', () => {
    for (let i = 0; i < 20; i++) {
      const { publicKey, secretKey } = curveKeyPair();
      expect(said({ curve_publickey: publicKey, curve_secretkey: secretKey })).toBeUndefined();
      expect(said({ curve_publickey, curve_secretkey: secretKey })).toMatch(/does not belong to curve_secretkey/);
    }
    // The key pair in RFC 26 of ZeroMQ, which every guide shows.
    const known = {
      curve_publickey: 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID',
      curve_secretkey: 'D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs',
    };
    expect(said(known)).toBeUndefined();
  });

  test.each([
    ['only the secret one', { curve_secretkey }, /curve_secretkey alone: encryption needs both/],
    ['only the public one', { curve_publickey }, /curve_publickey alone: encryption needs both/],
    ['too short', { curve_publickey, curve_secretkey: 'abc' }, /curve_secretkey must be a key of 40 characters in Z85/],
    ['not Z85', { curve_publickey: '"'.repeat(40), curve_secretkey }, /curve_publickey must be a key/],
    ['beyond four bytes', { curve_publickey: '#'.repeat(40), curve_secretkey }, /curve_publickey must be a key/],
    ['not a string', { curve_publickey: 7, curve_secretkey }, /curve_publickey must be a key/],
  ])('%s', (_, keys, message) => {
    expect(said(keys)).toMatch(message);
  });

  test('rejects encryption without support in the package', () => {
    expect(said({ curve_publickey, curve_secretkey }, { curve: false })).toMatch(/zeromq package here cannot/);
    expect(said({}, { curve: false })).toBeUndefined();
  });
});

test('rejects a missing or invalid connection file', () => {
  const folder = scratchFolder();
  const file = path.join(folder, 'connection.json');
  expect(() => readConnection(file)).toThrow(/connection\.json cannot be read: ENOENT/);
  fs.writeFileSync(file, '{"ip": ');
  expect(() => readConnection(file)).toThrow(ConnectionError);
  fs.writeFileSync(file, 'null');
  expect(() => readConnection(file)).toThrow(/connection\.json has no connection, but null/);
  fs.writeFileSync(file, JSON.stringify(tcp));
  expect(readConnection(file)).toEqual(tcp);
  fs.rmSync(folder, { recursive: true });
});

test('started by hand without a connection file, the kernel explains what to do', () => {
  const { status, stderr } = spawnSync(process.execPath, [paths.launcher], { encoding: 'utf8' });
  expect(stderr).toBe(
    'The TypeScript kernel cannot start: no connection file was named, as Jupyter does: choose the kernel in Jupyter\n',
  );
  expect(status).toBe(1);
}, 120_000);
