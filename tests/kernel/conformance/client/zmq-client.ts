// A front end that reaches its kernel by sockets, as Jupyter's do.
import { randomUUID } from 'node:crypto';
import { Dealer, Request as RequestSocket, Subscriber } from 'zeromq';
import { Client } from './client';
import { type Channel, decode, encode, type Header, type Message, type Request } from './wire';

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

export class ZmqClient extends Client {
  private readonly sockets: Record<Exclude<Channel, 'iopub'>, Dealer>;
  private readonly iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  private readonly sending = { shell: Promise.resolve(), control: Promise.resolve(), stdin: Promise.resolve() };
  private closed = false;

  private constructor(
    readonly connection: Connection,
    routingId: string,
  ) {
    super();
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
    const client = new ZmqClient(connection, options.routingId ?? randomUUID());
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
    this.take(message);
  }

  protected post(channel: Exclude<Channel, 'iopub'>, header: Header, request: Request): void {
    this.sendFrames(channel, encode(this.connection.key, header, request));
  }

  sendFrames(channel: Exclude<Channel, 'iopub'>, frames: (string | Uint8Array)[]): void {
    // A socket takes one message at a time.
    this.sending[channel] = this.sending[channel].then(() => this.sockets[channel].send(frames)).catch(() => undefined);
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
