// A front end connected by sockets, as Jupyter's are.
import { randomUUID } from 'node:crypto';
import { Dealer, Request as RequestSocket, Subscriber } from 'zeromq';
import { addressOf, type ChannelName, type Connection } from '../../../../kernel-setup/kernel/host/connection';
import { Client } from './client';
import { type Channel, decode, encode, type Header, type Message, type Request } from './wire';

export class ZmqClient extends Client {
  private readonly sockets: Record<Exclude<Channel, 'iopub'>, Dealer>;
  private readonly iopub: Subscriber;
  private readonly sending = { shell: Promise.resolve(), control: Promise.resolve(), stdin: Promise.resolve() };
  private closed = false;

  private constructor(
    readonly connection: Connection,
    routingId: string,
  ) {
    super();
    const unlimited = { receiveHighWaterMark: 0, linger: 0, ...this.keys };
    const dealer = () => new Dealer({ routingId, sendHighWaterMark: 0, ...unlimited });
    this.sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      this.sockets[channel].connect(this.address(channel));
      this.listen(channel, this.sockets[channel]);
    }
    this.iopub = new Subscriber(unlimited);
    this.iopub.subscribe();
    this.iopub.connect(this.address('iopub'));
    this.listen('iopub', this.iopub);
  }

  /** Connects; resolves as soon as published messages arrive. */
  static async connect(connection: Connection, options: { routingId?: string; timeout?: number } = {}) {
    const client = new ZmqClient(connection, options.routingId ?? randomUUID());
    const end = Date.now() + 1000 * (options.timeout ?? 60);
    for (;;) {
      // Messages published before the subscription reaches the kernel are lost, so poll until one arrives.
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

  address(name: ChannelName): string {
    return addressOf(this.connection, name);
  }

  /** Socket options if the kernel encrypts: like Jupyter's clients, this one uses the kernel's own keys. */
  private get keys() {
    const { curve_publickey: open, curve_secretkey: curveSecretKey } = this.connection;
    return open === undefined ? {} : { curveServerKey: open, curvePublicKey: open, curveSecretKey };
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

  /** Sends bytes to the heartbeat socket; returns the reply. */
  async heartbeat(bytes: string, milliseconds: number): Promise<string> {
    const socket = new RequestSocket({
      ...{ linger: 0, receiveTimeout: milliseconds, sendTimeout: milliseconds },
      ...this.keys,
    });
    try {
      socket.connect(this.address('hb'));
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
