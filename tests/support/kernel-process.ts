// A kernel in a process of its own, and front ends that talk to it over its sockets. Every message that the kernel sends is
// checked against the declaration of its type.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Dealer, Request as HeartbeatRequest, Subscriber } from 'zeromq';
import { validate } from '../../kernel-setup/kernel/host/messages';
import type { Connection } from '../../kernel-setup/kernel/host/sockets';
import { type Message, Wire } from '../../kernel-setup/kernel/host/wire';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { scratchFolder } from './project-copy';

export type Channel = 'shell' | 'control';
export interface Reply {
  id: string;
  reply: Message;
  /** What was published for this request, from `busy` to `idle`. */
  published: Message[];
}

const patience = 30_000;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Starts the kernel as Jupyter does, on this project's library. */
export async function startKernelProcess(changes: Partial<Connection> = {}): Promise<KernelProcess> {
  await Promise.all([buildIfStale(paths), buildIfStale(paths, process.env, 'kernel')]);
  const folder = scratchFolder();
  const [shell_port, control_port, stdin_port, iopub_port, hb_port] = await freePorts(5);
  const connection: Connection = {
    transport: 'tcp',
    ip: '127.0.0.1',
    shell_port,
    control_port,
    stdin_port,
    iopub_port,
    hb_port,
    key: randomUUID(),
    signature_scheme: 'hmac-sha256',
    ...changes,
  };
  if (connection.transport === 'ipc') connection.ip = path.join(folder, 'socket');
  const file = path.join(folder, 'connection.json');
  fs.writeFileSync(file, JSON.stringify(connection));
  const child = spawn(process.execPath, [paths.launcher, file], {
    cwd: folder,
    env: { ...process.env, NODE_PATH: undefined, npm_lifecycle_event: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kernel = new KernelProcess(child, connection, folder);
  await kernel.connect();
  return kernel;
}

export class KernelProcess {
  readonly clients: Client[] = [];
  /** What the kernel itself wrote on its stderr. */
  log = '';
  readonly exited: Promise<unknown>;

  constructor(
    readonly child: ChildProcess,
    readonly connection: Connection,
    /** Where cells run. */
    readonly folder: string,
  ) {
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      this.log += text;
    });
    this.exited = once(child, 'exit');
  }

  /** The first front end. */
  get client(): Client {
    return this.clients[0];
  }

  async connect(identity: string = randomUUID()): Promise<Client> {
    const client = new Client(this.connection, identity);
    this.clients.push(client);
    await client.ready();
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    this.child.kill('SIGKILL');
    await this.exited;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Client {
  readonly wire: Wire;
  /** Everything that was published, in order. */
  readonly published: Message[] = [];
  /** What is wrong with the messages of the kernel. */
  readonly problems: string[] = [];
  readonly shell: Dealer;
  readonly control: Dealer;
  readonly stdin: Dealer;
  readonly iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  readonly topics: number[] = [];
  private readonly replies = new Map<string, Message>();
  private readonly questions: Message[] = [];
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly connection: Connection,
    routingId: string,
  ) {
    this.wire = new Wire(connection.key, connection.signature_scheme);
    const dealer = () => new Dealer({ routingId, sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 0 });
    this.shell = dealer();
    this.control = dealer();
    this.stdin = dealer();
    this.shell.connect(this.address(connection.shell_port));
    this.control.connect(this.address(connection.control_port));
    this.stdin.connect(this.address(connection.stdin_port));
    this.iopub.connect(this.address(connection.iopub_port));
    this.iopub.subscribe();
    void this.listen(this.shell, (message) => this.replies.set(message.parent.msg_id, message));
    void this.listen(this.control, (message) => this.replies.set(message.parent.msg_id, message));
    void this.listen(this.stdin, (message) => this.questions.push(message));
    void this.listen(this.iopub, (message) => {
      this.topics.push(message.identities.length);
      this.published.push(message);
    });
  }

  address(port: number): string {
    const { transport, ip } = this.connection;
    return transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
  }

  /** Until what is published arrives: a subscription takes a moment. */
  async ready(): Promise<void> {
    for (;;) {
      const { id } = await this.request('kernel_info_request', {}, { idle: false });
      const heard = () => this.published.some(({ parent }) => parent.msg_id === id);
      if (
        await this.until(heard, 300).then(
          () => true,
          () => false,
        )
      )
        return;
    }
  }

  /** Sends a message without waiting; its number. */
  send(
    type: string,
    content: object,
    { channel = 'shell', buffers = [], metadata = {}, parent = {} }: Partial<Sending> = {},
  ): string {
    const header = this.wire.header(type);
    const message = { identities: [], header, parent, metadata, content, buffers } as unknown as Message;
    void this[channel].send(this.wire.pack(message) as Buffer[]);
    return header.msg_id;
  }

  /** Sends a request, and waits for its reply and for `idle`. */
  async request(
    type: string,
    content: object = {},
    { idle = true, ...sending }: Partial<Sending> & { idle?: boolean } = {},
  ): Promise<Reply> {
    return this.answered(this.send(type, content, sending), idle);
  }

  async answered(id: string, idle = true): Promise<Reply> {
    await this.until(() => this.replies.has(id) && (!idle || this.isIdle(id)), patience, `a reply to ${id}`);
    return { id, reply: this.replies.get(id)!, published: this.publishedFor(id) };
  }

  execute(code: string, options: object = {}): Promise<Reply> {
    return this.request('execute_request', { code, ...options });
  }

  publishedFor(id: string): Message[] {
    return this.published.filter(({ parent }) => parent.msg_id === id);
  }

  isIdle(id: string): boolean {
    return this.publishedFor(id).some(({ content }) => content.execution_state === 'idle');
  }

  async question(): Promise<Message> {
    await this.until(() => this.questions.length > 0, patience, 'a question');
    return this.questions.shift()!;
  }

  /** Whether the kernel answers on the heartbeat socket. */
  async heartbeat(text: string): Promise<string> {
    const socket = new HeartbeatRequest({ receiveTimeout: 5000, linger: 0 });
    socket.connect(this.address(this.connection.hb_port));
    await socket.send(text);
    const [answer] = await socket.receive();
    socket.close();
    return String(answer);
  }

  /** Until a condition holds; it is looked at after each message. */
  until(condition: () => boolean, timeout = patience, what = 'a message'): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        clearTimeout(timer);
        this.watchers.delete(watcher);
        if (error) reject(error);
        else resolve();
      };
      const watcher = () => {
        if (condition()) settle();
      };
      const last = () => this.published.slice(-8).map(({ header }) => header.msg_type);
      const timer = setTimeout(() => settle(new Error(`waited in vain for ${what}; last: ${last()}`)), timeout);
      this.watchers.add(watcher);
    });
  }

  close(): void {
    for (const socket of [this.shell, this.control, this.stdin, this.iopub]) socket.close();
  }

  private async listen(socket: Dealer | Subscriber, onMessage: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      const message = this.wire.unpack(frames);
      if (typeof message === 'string') this.problems.push(message);
      else {
        const { header, parent, metadata, content } = message;
        this.problems.push(...validate({ header, parent_header: parent, metadata, content }));
        onMessage(message);
      }
      for (const watcher of [...this.watchers]) watcher();
    }
  }
}

interface Sending {
  channel: Channel | 'stdin';
  buffers: Uint8Array[];
  metadata: object;
  parent: object;
}

/** The text of a stream among what was published. */
export function streamText({ published }: Pick<Reply, 'published'>, name = 'stdout'): string {
  return published
    .filter(({ header, content }) => header.msg_type === 'stream' && content.name === name)
    .map(({ content }) => content.text)
    .join('');
}

/** The types of what was published, without states. */
export function typesOf({ published }: Pick<Reply, 'published'>): string[] {
  return published.map(({ header, content }) =>
    header.msg_type === 'status' ? String(content.execution_state) : header.msg_type,
  );
}

/** The text of a result. */
export function resultOf({ published }: Pick<Reply, 'published'>): unknown {
  const result = published.find(({ header }) => header.msg_type === 'execute_result');
  return (result?.content.data as Record<string, unknown> | undefined)?.['text/plain'];
}
