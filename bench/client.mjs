// Starts a kernel as Jupyter does and communicates with it as directly as possible.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { jupyterEnv, paths } from '../kernel-setup/setup/index.mjs';
import { kernelspecs } from '../kernel-setup/setup/jupyter-files.mjs';

const { Dealer, Subscriber } = createRequire(import.meta.url)('zeromq');
const ports = ['shell_port', 'iopub_port', 'control_port', 'stdin_port', 'hb_port'];
/** Timeout of a request, in milliseconds. */
const patience = 20_000;
/** … and of a notebook's cell, which may train a net. */
export const patienceWithNotebooks = 300_000;

export class KernelUnderTest {
  #waiting = new Map();

  /**
   * @param {string} name the kernelspec's name
   * @param {string} [cwd] its working folder; default: a temporary one
   */
  static async start(name, cwd) {
    const { Wire } = await import(pathToFileURL(path.join(paths.kernelBuild, 'host', 'wire.js')));
    return new KernelUnderTest(name, Wire, await freePorts(ports.length), cwd);
  }

  constructor(name, Wire, numbers, cwd) {
    const connection = { ip: '127.0.0.1', transport: 'tcp', signature_scheme: 'hmac-sha256', key: randomUUID() };
    for (const [i, port] of ports.entries()) connection[port] = numbers[i];
    const parent = path.join(paths.state, 'tmp');
    fs.mkdirSync(parent, { recursive: true });
    this.folder = fs.mkdtempSync(path.join(parent, 'bench-')); // in the project, so that cells find its packages
    const file = path.join(this.folder, 'connection.json');
    fs.writeFileSync(file, JSON.stringify({ ...connection, kernel_name: name }));
    this.wire = new Wire(connection.key);
    const spec = kernelspecOf(name);
    const [program, ...args] = spec.argv.map((word) => word.replace('{connection_file}', file));
    this.started = performance.now();
    this.child = spawn(program, args, {
      cwd: cwd ?? this.folder,
      env: { ...jupyterEnv({ paths, env: process.env }), ...spec.env, JPY_PARENT_PID: String(process.pid) },
      stdio: 'ignore',
      detached: true,
    });
    const options = { linger: 0, receiveHighWaterMark: 0, reconnectInterval: 5 };
    this.shell = new Dealer({ ...options, routingId: randomUUID() });
    this.iopub = new Subscriber(options);
    this.iopub.subscribe();
    for (const socket of ['shell', 'iopub']) {
      this[socket].connect(`tcp://${connection.ip}:${connection[`${socket}_port`]}`);
      this.#listen(this[socket], socket);
    }
  }

  async #listen(socket, channel) {
    try {
      for await (const frames of socket) {
        const { header, parent, content } = this.wire.unpack(frames);
        const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
        this.#waiting.get(parent.msg_id)?.(channel, { type: header.msg_type, content, bytes });
      }
    } catch {
      // closed
    }
  }

  /**
   * Sends a request.
   * @param until 'reply', 'published' for everything that the kernel publishes, or 'idle' for both
   * @returns the reply's content, the milliseconds it took, the number of characters in streams, and the published
   *   messages
   */
  request(type, content, until = 'idle', timeout = patience) {
    const header = this.wire.header(type);
    const begin = performance.now();
    return new Promise((resolve, reject) => {
      const result = { streamed: 0, published: [] };
      let open = until === 'idle' ? 2 : 1;
      const timer = setTimeout(() => reject(new Error(`no answer to ${JSON.stringify(content)}`)), timeout);
      this.#waiting.set(header.msg_id, (channel, message) => {
        const { type, content: body } = message;
        if (type === 'stream') result.streamed += body.text.length;
        else if (channel === 'iopub') result.published.push(message);
        const idle = until !== 'reply' && body.execution_state === 'idle';
        if (channel === 'shell') result.reply = body;
        if ((channel === 'shell' || idle) && --open === 0) {
          this.#waiting.delete(header.msg_id);
          clearTimeout(timer);
          resolve({ ...result, ms: performance.now() - begin });
        }
      });
      const parts = { identities: [], header, parent: {}, metadata: {}, content, buffers: [] };
      this.shell.send(this.wire.pack(parts));
    });
  }

  /** Runs a cell; throws if it fails. */
  async run(code, until, timeout) {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const result = await this.request('execute_request', { ...content, stop_on_error: true }, until, timeout);
    if (result.reply.status !== 'ok') throw new Error(`${code}: ${JSON.stringify(result.reply)}`);
    return result;
  }

  memory() {
    return memoryOf(this.child.pid);
  }

  /** Milliseconds of processor time that the kernel's processes have used. */
  processorTime() {
    const ticks = descendants(this.child.pid).map((pid) => {
      const [, , ...fields] = fs
        .readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/\(.*\)/, '()')
        .split(' ');
      return Number(fields[11]) + Number(fields[12]);
    });
    return ticks.reduce((sum, one) => sum + one, 0) * 10;
  }

  async stop() {
    this.shell.close();
    this.iopub.close();
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    process.kill(-this.child.pid, 'SIGKILL');
    await ended;
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Megabytes of a process and its descendants: resident, and with shared memory divided among its users. */
export function memoryOf(root) {
  const processes = descendants(root).map((pid) => {
    const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const megabytes = (key) => (Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)[1]) * 1024) / 1e6;
    return { rss: megabytes('Rss'), pss: megabytes('Pss') };
  });
  const total = (key) => processes.reduce((sum, one) => sum + one[key], 0);
  return { rss: total('rss'), pss: total('pss'), each: processes.map(({ rss }) => rss) };
}

function kernelspecOf(name) {
  // Deno has its own kernel; it is not among the project's packages.
  if (name === 'deno')
    return { argv: [process.env.DENO ?? 'deno', 'jupyter', '--kernel', '--conn', '{connection_file}'] };
  const ours = kernelspecs(paths)[name];
  if (ours) return ours;
  const spec = JSON.parse(fs.readFileSync(path.join(paths.kernels, name, 'kernel.json'), 'utf8'));
  return { ...spec, argv: spec.argv.map((word) => (word === 'python' ? paths.venvPython : word)) };
}

/** A process and its descendants. */
function descendants(pid) {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => descendants(Number(child)))];
}

async function freePorts(count) {
  const open = () =>
    new Promise((resolve) => {
      const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
    });
  const servers = await Promise.all(Array.from({ length: count }, open));
  const numbers = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return numbers;
}
