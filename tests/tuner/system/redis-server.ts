// A private Redis server for a test, and workers. Without the program the tests are skipped with a message; in
// continuous integration that is a failure.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { folderOfTest } from './setting';

function isInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Tests that need Redis. */
export function describeRedis(name: string, tests: () => void): void {
  if (isInstalled()) return void describe(name, tests);
  const reason = 'there is no redis-server (Debian: apt-get install redis-server)';
  if (process.env.CI)
    return void test(`${name}: Redis is available in continuous integration`, () => expect.fail(reason));
  console.warn(`Skipped: ${name}; ${reason}`);
  describe.skip(`${name} (skipped: ${reason})`, () => {
    test('runs', () => {});
  });
}

export const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

/** Starts a program that ends with the test; collects its stderr. */
export function start(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess & { said: string } {
  const child = Object.assign(
    spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } }),
    {
      said: '',
    },
  );
  child.stderr!.on('data', (text) => {
    child.said += text;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended(child);
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server with an append-only file, at a private port of 127.0.0.1. */
export class RedisServer {
  private child!: ChildProcess;
  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), folderOfTest());
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Restarts it with its stored data. */
  async restart(): Promise<void> {
    const log = path.join(this.folder, `${Date.now()}.log`);
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--logfile', log];
    this.child = start('redis-server', [...args, '--save', '', '--appendonly', 'yes']);
    await expect.poll(() => fs.existsSync(log) && fs.readFileSync(log, 'utf8')).toMatch(/Ready to accept connections/);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await ended(this.child);
  }
}

/** A worker of a queue. */
export const startWorker = (url: string, ...args: string[]): ReturnType<typeof start> =>
  start(process.execPath, [path.join(paths.root, 'bin', 'gradlab.cjs'), 'worker', url, '--lease', '1', ...args]);
