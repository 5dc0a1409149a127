import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../../../kernel-setup/kernel/host/connection';
import { jupyterEnv, makeContext, paths } from '../../../../kernel-setup/setup/index.mjs';
import { kernelspecs } from '../../../../kernel-setup/setup/jupyter-files.mjs';
import type { Client } from './client';
import { ZmqClient } from './zmq-client';

interface Kernelspec {
  argv: string[];
  interrupt_mode?: string;
  env?: Record<string, string>;
}

/** Name of the kernelspec of each kernel that the suite knows. */
const specNames: Record<string, string> = { ipykernel: 'python3' };

/**
 * The kernel that the suite tests. `npm test` tests the project's, as a process and, as `page`, in workers of a page.
 */
export const kernelName = process.env.CONFORMANCE_KERNEL ?? 'gradlab';
export const specName = specNames[kernelName] ?? kernelName;

function kernelspec(): Kernelspec {
  const ours: Record<string, Kernelspec> = kernelspecs(paths);
  if (ours[specName]) return ours[specName];
  const folder = path.join(paths.kernels, specName);
  const spec = JSON.parse(fs.readFileSync(path.join(folder, 'kernel.json'), 'utf8'));
  return { ...spec, argv: spec.argv.map((word: string) => (word === 'python' ? paths.venvPython : word)) };
}

/** Returns free ports. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<net.Server>((resolve) => {
          const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Creates a folder for notebook files inside the project, so that cells find its packages; removed with the kernel. */
function makeFolder(): string {
  const parent = path.join(paths.state, 'tmp');
  fs.mkdirSync(parent, { recursive: true });
  return fs.mkdtempSync(path.join(parent, 'conformance-'));
}

/** A kernel under test, and a client of it. */
export interface TestedKernel {
  readonly client: Client;
  readonly exited: boolean;
  /** Connects another client. */
  connect(): Promise<Client>;
  /** Writes a file beside the notebook. */
  write(name: string, text: string): void;
  /** Interrupts as a front end does. */
  interrupt(): void;
  /** Waits up to `seconds` for the kernel to end; returns whether it did. */
  exits(seconds: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** Kernels that have not been stopped, even if their test has timed out. */
export const running = new Set<TestedKernel>();

/** Non-default connection options, and whether to connect a client. */
interface StartOptions extends Partial<Connection> {
  connect?: boolean;
  /** The user that runs it, and its home: another system user, if root starts it. */
  user?: { uid: number; home: string };
}

/** A kernel process and a client of it. */
export class Kernel implements TestedKernel {
  client!: ZmqClient;
  /** What the process wrote to its own stdout and stderr. */
  log = '';
  exited = false;
  private readonly gone: Promise<void>;

  private constructor(
    readonly spec: Kernelspec,
    readonly connection: Connection,
    readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
      });
    }
    this.gone = new Promise((resolve) => {
      child.on('exit', () => {
        this.exited = true;
        resolve();
      });
    });
  }

  /** Starts the kernel as Jupyter does: from its kernelspec, with a connection file, in its own process group. */
  static async start({ connect = true, user, ...given }: StartOptions = {}): Promise<Kernel> {
    const spec = kernelspec();
    const folder = user?.home ?? makeFolder();
    const [shell_port, control_port, stdin_port, iopub_port, hb_port] = await freePorts(5);
    const connection: Connection = {
      ...{ ip: '127.0.0.1', transport: 'tcp', signature_scheme: 'hmac-sha256', key: randomUUID() },
      ...{ shell_port, control_port, stdin_port, iopub_port, hb_port },
      ...given,
    };
    const file = path.join(folder, 'connection.json');
    fs.writeFileSync(file, JSON.stringify({ ...connection, kernel_name: specName }));
    if (user) fs.chownSync(file, user.uid, user.uid);
    const own = user ? { HOME: user.home, PATH: process.env.PATH } : jupyterEnv(makeContext());
    const [program, ...args] = spec.argv.map((word) => word.replace('{connection_file}', file));
    const child = spawn(program, args, {
      cwd: folder,
      ...(user && { uid: user.uid, gid: user.uid }),
      env: { ...own, ...spec.env, JPY_PARENT_PID: String(process.pid) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const kernel = new Kernel(spec, connection, folder, child);
    running.add(kernel);
    try {
      if (connect) kernel.client = await ZmqClient.connect(connection);
    } catch (error) {
      await kernel.stop();
      throw new Error(`${error}\n${kernel.log}`);
    }
    return kernel;
  }

  connect(): Promise<ZmqClient> {
    return ZmqClient.connect(this.connection);
  }

  write(name: string, text: string): void {
    const file = path.join(this.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  /** Sends a signal to the process, or to its whole group as Jupyter does. */
  signal(name: NodeJS.Signals, group: boolean): void {
    try {
      process.kill(group ? -this.child.pid! : this.child.pid!, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended
    }
  }

  /** Interrupts as the kernelspec requests. */
  interrupt(): void {
    if (this.spec.interrupt_mode === 'message') {
      this.client.send('control', { type: 'interrupt_request', content: {} });
    } else this.signal('SIGINT', true);
  }

  async exits(seconds: number): Promise<boolean> {
    await Promise.race([this.gone, sleep(seconds * 1000)]);
    return this.exited;
  }

  async stop(): Promise<void> {
    this.client?.close();
    this.signal('SIGKILL', true);
    await this.gone;
    running.delete(this);
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
