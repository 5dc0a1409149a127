import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { validate } from '../../../../kernel-setup/kernel/host/messages';
import { type Execution, gather } from './execution';
import { type Channel, type Header, type Message, makeHeader, type Request } from './wire';

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

/** Seconds that a test waits for immediate messages, on a busy machine. */
const patience = 300;

/** A front end without a display: everything it receives is stored, validated, and can be awaited. */
export abstract class Client {
  /** All messages in the order in which they arrived. */
  readonly received: Message[] = [];
  /** The ways in which messages violated the protocol. */
  readonly problems: string[] = [];
  readonly session = randomUUID();
  private readonly waiters = new Set<Waiter>();
  private readonly children = new Map<string, Message[]>();

  /** Passes a message to the kernel. */
  protected abstract post(channel: Exclude<Channel, 'iopub'>, header: Header, request: Request): void;
  /** Closes the connection. */
  abstract close(): void;

  /** Receives a message of the kernel. */
  take(message: Message): void {
    const problems = validate({ ...message, parent_header: message.parent });
    this.problems.push(...problems.map((problem) => `${message.channel} ${message.type}: ${problem}`));
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

  /** Sends a message without waiting; returns its id. */
  send(channel: Exclude<Channel, 'iopub'>, request: Request): string {
    const header: Header = { ...makeHeader(request.type, this.session), ...request.header };
    this.post(channel, header, request);
    return header.msg_id;
  }

  /** Waits for the next message that passes the test. */
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

  /** The messages received for a request. */
  childrenOf(id: string): Message[] {
    return this.children.get(id) ?? [];
  }

  /** The first message for a request that passes, received already or not. */
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

  /** Sends a cell without waiting; returns the request's id. */
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

  /** Runs a cell that the test depends on. */
  async run(code: string, options: ExecuteOptions = {}): Promise<Execution> {
    const done = await this.execute(code, options);
    if (done.reply.content.status !== 'ok') throw new Error(`cell failed: ${code}\n${done.errorText}`);
    return done;
  }

  /** Waits until all earlier messages have been answered. */
  async settle(): Promise<void> {
    await this.idle(this.send('shell', { type: 'kernel_info_request', content: {} }));
    await sleep(50);
  }
}
