// Jupyter's connection file: addresses and keys of the kernel.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import fs from 'node:fs';

/** The channels, each with a socket. */
export const channelNames = ['shell', 'control', 'stdin', 'iopub', 'hb'] as const;
export type ChannelName = (typeof channelNames)[number];

export type Ports = Record<`${ChannelName}_port`, number>;

/** The contents of the connection file. */
export interface Connection extends Ports {
  transport: 'tcp' | 'ipc';
  /** With `ipc`, the prefix of the socket files' paths; a dash and the port follow. */
  ip: string;
  /** Key of the message signatures. */
  key: string;
  signature_scheme?: string;
  /** CurveZMQ keys of the kernel in Z85, if messages are encrypted. */
  curve_publickey?: string;
  curve_secretkey?: string;
}

/** The kernel cannot be reached as the connection file says. */
export class ConnectionError extends Error {}

/** What sockets support on this machine. */
export interface Abilities {
  ipc: boolean;
  curve: boolean;
  /** Maximum length of a socket path in bytes. */
  longestPath: number;
}

/** @param file undefined if a user starts the kernel directly @throws {ConnectionError} */
export function readConnection(file: string | undefined): Connection {
  if (file === undefined)
    throw new ConnectionError('no connection file was named, as Jupyter does: choose the kernel in Jupyter');
  let connection: unknown;
  try {
    connection = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConnectionError(`the connection file ${file} cannot be read: ${(error as Error).message}`);
  }
  if (typeof connection !== 'object' || connection === null)
    throw new ConnectionError(`the connection file ${file} has no connection, but ${connection}`);
  return connection as Connection;
}

/** The path of a socket's file, with `ipc`. */
export const pathOf = (connection: Connection, name: ChannelName): string =>
  `${connection.ip}-${connection[`${name}_port`]}`;

export function addressOf(connection: Connection, name: ChannelName): string {
  const { transport, ip } = connection;
  return transport === 'ipc' ? `ipc://${pathOf(connection, name)}` : `tcp://${ip}:${connection[`${name}_port`]}`;
}

/** @throws {ConnectionError} if clients could never connect */
export function checkConnection(connection: Connection, abilities: Abilities): void {
  const { transport } = connection;
  if (transport !== 'tcp' && transport !== 'ipc')
    throw new ConnectionError(`the transport must be tcp or ipc, not ${JSON.stringify(transport)}`);
  if (transport === 'ipc') checkPaths(connection, abilities);
  checkKeys(connection, abilities);
}

function checkPaths(connection: Connection, { ipc, longestPath }: Abilities): void {
  if (!ipc) throw new ConnectionError('the transport ipc is not available on this system; let Jupyter use tcp');
  for (const name of channelNames) {
    const path = pathOf(connection, name);
    const length = Buffer.byteLength(path);
    if (length <= longestPath) continue;
    throw new ConnectionError(
      `the path ${path} has ${length} bytes, and that of a socket at most ${longestPath}: ` +
        'give Jupyter a folder with a shorter path by the variable JUPYTER_RUNTIME_DIR, or let it use tcp',
    );
  }
}

function checkKeys({ curve_publickey: open, curve_secretkey: secret }: Connection, { curve }: Abilities): void {
  if (open === undefined && secret === undefined) return;
  if (open === undefined || secret === undefined)
    throw new ConnectionError(
      `the connection file has ${open === undefined ? 'curve_secretkey' : 'curve_publickey'} alone: ` +
        'encryption needs both curve_publickey and curve_secretkey',
    );
  if (!curve)
    throw new ConnectionError('the connection file asks for encryption, which the zeromq package here cannot do');
  const [publicBytes, secretBytes] = [readKey('curve_publickey', open), readKey('curve_secretkey', secret)];
  if (!publicOf(secretBytes).equals(publicBytes))
    throw new ConnectionError('curve_publickey does not belong to curve_secretkey: no client could connect');
}

/** RFC 32 of ZeroMQ: five characters are the base-85 digits of four bytes. */
const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

function readKey(name: string, text: unknown): Buffer {
  const values = typeof text === 'string' ? [...text].map((digit) => digits.indexOf(digit)) : [];
  const numbers = Array.from({ length: 8 }, (_, i) =>
    values.slice(5 * i, 5 * i + 5).reduce((sum, value) => 85 * sum + value, 0),
  );
  if (values.length !== 40 || values.includes(-1) || numbers.some((number) => number >= 2 ** 32))
    throw new ConnectionError(`${name} must be a key of 40 characters in Z85, as zmq.curve_keypair() makes it`);
  const bytes = Buffer.alloc(32);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * i);
  return bytes;
}

/** DER prefix of a 32-byte Curve25519 secret key (RFC 8410). */
const derPrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

function publicOf(secret: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([derPrefix, secret]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}
