import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Request as RequestSocket, Subscriber } from 'zeromq';
import { validate } from '../../../../kernel-setup/kernel/host/messages';
import { type Execution, gather } from './execution';
import { type Channel, decode, encode, type Header, type Message, makeHeader, type Request } from './wire';

/** The content of a connection file. */
export interface Connection {
  ip: string;
  key: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
  hb_port: number;
  transport: 'tcp';
  signature_scheme: 'hmac-sha256';
}

export interface ExecuteOptions {
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
  allow_stdin?: boolean;
  user_expressions?: Record<string, string>;
  /** Seconds to wait for reply and idle. */
  timeout?: number;
  metadata?: Record<string, unknown>;
}

type Test = (message: Message) => boolean;
interface Waiter {
  test: Test;
  resolve: (message: Message) => void;
}

/** A front end, without the front: everything it receives is kept, checked, and can be waited for. */
/** How many seconds a test waits for what comes at once, on a machine that does much else. */
const patience = 60;

export class Client {
  /** All messages in the order in which they arrived. */
  readonly received: Message[] = [];
  /** In which way messages were not what the protocol declares. */
  readonly problems: string[] = [];
  readonly session = randomUUID();
  private readonly sockets: Record<Exclude<Channel, 'iopub'>, Dealer>;
  private readonly iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  private readonly waiters = new Set<Waiter>();
  private readonly children = new Map<string, Message[]>();
  private readonly sending = { shell: Promise.resolve(), control: Promise.resolve(), stdin: Promise.resolve() };
  private closed = false;

  private constructor(
    readonly connection: Connection,
    routingId: string,
  ) {
    const dealer = () => new Dealer({ routingId, receiveHighWaterMark: 0, sendHighWaterMark: 0, linger: 0 });
    this.sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      this.sockets[channel].connect(this.address(`${channel}_port`));
      this.listen(channel, this.sockets[channel]);
    }
    this.iopub.subscribe();
    this.iopub.connect(this.address('iopub_port'));
    this.listen('iopub', this.iopub);
  }

  /** Connects; ready as soon as what the kernel publishes arrives. */
  static async connect(connection: Connection, options: { routingId?: string; timeout?: number } = {}) {
    const client = new Client(connection, options.routingId ?? randomUUID());
    const end = Date.now() + 1000 * (options.timeout ?? 60);
    for (;;) {
      // What is published before the subscription has reached the kernel is lost: ask until something comes.
      const id = client.send('shell', { type: 'kernel_info_request', content: {} });
      const published = client.wait((m) => m.channel === 'iopub' && m.parent.msg_id === id, 1).catch(() => undefined);
      if (await published) break;
      if (Date.now() > end) {
        client.close();
        throw new Error('the kernel did not answer');
      }
    }
    await client.settle();
    return client;
  }

  address(port: 'shell_port' | 'control_port' | 'stdin_port' | 'iopub_port' | 'hb_port'): string {
    return `tcp://${this.connection.ip}:${this.connection[port]}`;
  }

  private async listen(channel: Channel, socket: AsyncIterable<Buffer[]>): Promise<void> {
    try {
      for await (const frames of socket) this.receive(channel, frames);
    } catch (error) {
      if (!this.closed) throw error;
    }
  }

  private receive(channel: Channel, frames: Buffer[]): void {
    let message: Message;
    try {
      message = decode(this.connection.key, channel, frames);
    } catch (error) {
      this.problems.push(String(error));
      return;
    }
    const problems = validate({ ...message, parent_header: message.parent });
    this.problems.push(...problems.map((problem) => `${channel} ${message.type}: ${problem}`));
    this.received.push(message);
    const parent = message.parent.msg_id;
    if (parent !== undefined) {
      if (!this.children.has(parent)) this.children.set(parent, []);
      this.children.get(parent)?.push(message);
    }
    for (const waiter of this.waiters) {
      if (!waiter.test(message)) continue;
      this.waiters.delete(waiter);
      waiter.resolve(message);
    }
  }

  /** Sends a message without waiting; gives its id. */
  send(channel: Exclude<Channel, 'iopub'>, request: Request): string {
    const header: Header = { ...makeHeader(request.type, this.session), ...request.header };
    this.sendFrames(channel, encode(this.connection.key, header, request));
    return header.msg_id;
  }

  sendFrames(channel: Exclude<Channel, 'iopub'>, frames: (string | Uint8Array)[]): void {
    // A socket takes one message at a time.
    this.sending[channel] = this.sending[channel].then(() => this.sockets[channel].send(frames)).catch(() => undefined);
  }
  /** The next message that passes, among those to come. */
  wait(test: Test, seconds = patience, what = 'a message'): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new Error(`${what} did not arrive within ${seconds} s`));
      }, seconds * 1000);
      const waiter: Waiter = {
        test,
        resolve: (message) => {
          clearTimeout(timer);
          resolve(message);
        },
      };
      this.waiters.add(waiter);
    });
  }

  /** What has arrived for a request. */
  childrenOf(id: string): Message[] {
    return this.children.get(id) ?? [];
  }

  /** The first message for a request that passes, whether it has arrived or not. */
  async child(id: string, test: Test, seconds = patience, what = 'a message'): Promise<Message> {
    return this.childrenOf(id).find(test) ?? this.wait((m) => m.parent.msg_id === id && test(m), seconds, what);
  }

  reply(id: string, seconds = patience): Promise<Message> {
    const test = (m: Message) => (m.channel === 'shell' || m.channel === 'control') && m.type.endsWith('_reply');
    return this.child(id, test, seconds, 'the reply');
  }

  idle(id: string, seconds = patience): Promise<Message> {
    const test = (m: Message) => m.type === 'status' && m.content.execution_state === 'idle';
    return this.child(id, test, seconds, 'status idle');
  }

  busy(id: string, seconds = patience): Promise<Message> {
    return this.child(id, (m) => m.type === 'status' && m.content.execution_state === 'busy', seconds, 'status busy');
  }

  /** Sends a request and waits for its reply. */
  async request(channel: 'shell' | 'control', type: string, content: unknown, seconds = patience): Promise<Message> {
    return this.reply(this.send(channel, { type, content }), seconds);
  }

  /** Sends a cell without waiting; gives the request's id. */
  submit(code: string, { timeout, metadata, ...options }: ExecuteOptions = {}): string {
    const content = {
      code,
      silent: false,
      store_history: !options.silent,
      stop_on_error: true,
      allow_stdin: false,
      user_expressions: {},
      ...options,
    };
    return this.send('shell', { type: 'execute_request', content, metadata });
  }

  /** Waits for a cell's reply and idle. */
  async finished(id: string, seconds = patience): Promise<Execution> {
    const [reply] = await Promise.all([this.reply(id, seconds), this.idle(id, seconds)]);
    return gather(id, reply, this.childrenOf(id));
  }

  /** Runs a cell to its end. */
  execute(code: string, options: ExecuteOptions = {}): Promise<Execution> {
    return this.finished(this.submit(code, options), options.timeout);
  }

  /** Runs a cell that the test needs. */
  async run(code: string, options: ExecuteOptions = {}): Promise<Execution> {
    const done = await this.execute(code, options);
    if (done.reply.content.status !== 'ok') throw new Error(`cell failed: ${code}\n${done.errorText}`);
    return done;
  }

  /** Waits until everything that was sent so far has been answered. */
  async settle(): Promise<void> {
    await this.idle(this.send('shell', { type: 'kernel_info_request', content: {} }));
    await sleep(50);
  }

  /** Sends bytes to the heartbeat socket; gives what comes back. */
  async heartbeat(bytes: string, milliseconds: number): Promise<string> {
    const socket = new RequestSocket({ linger: 0, receiveTimeout: milliseconds, sendTimeout: milliseconds });
    try {
      socket.connect(this.address('hb_port'));
      await socket.send(bytes);
      return (await socket.receive()).toString();
    } finally {
      socket.close();
    }
  }

  close(): void {
    this.closed = true;
    for (const socket of [...Object.values(this.sockets), this.iopub]) socket.close();
  }
}
