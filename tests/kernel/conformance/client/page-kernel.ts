// The kernel in workers of a page, used as JupyterLite's extension does: by posting messages.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Posted } from '../../../../kernel-setup/kernel-in-page/channels';
import type { Read, Write } from '../../../../kernel-setup/kernel-in-page/protocol';
import { type InPage as Given, openKernelPage } from '../../../kernel-in-page/kernel-page';
import { chromium, firefox } from '../../../support/browsers';
import { Client } from './client';
import { running, type TestedKernel } from './kernel';
import type { Channel, Header, Request } from './wire';

/** Messages between page and test, as JSON; buffers are lists of bytes. */
type InJson = Omit<Posted, 'buffers'> & { buffers: number[][] };

/** Globals of the page: its kernels by number. */
interface InPage extends Given {
  kernels: Map<number, ReturnType<Given['startHost']>>;
  post(kernel: number, messages: string[]): void;
  /** Function of the test: receives messages of kernels. */
  deliver(messages: [kernel: number, message: string][]): Promise<void>;
}

type OpenPage = Awaited<ReturnType<typeof openKernelPage>>;
let opened: Promise<OpenPage> | undefined;
const kernels = new Map<number, PageKernel>();
let count = 0;

/** The browser under test. */
export const tested = process.env.CONFORMANCE_BROWSER === 'firefox' ? firefox : chromium;

/** The default folder of a kernel's notebook, and the address of a site's data. */
const usual = { folder: '/drive/notebooks/note', data: '/data' };

/** Opens the page that contains all kernels. */
async function openPage(): Promise<OpenPage> {
  const open = await openKernelPage(tested);
  await open.page.exposeFunction('deliver', (messages: [number, string][]) => {
    for (const [kernel, message] of messages) kernels.get(kernel)?.receive(JSON.parse(message) as InJson);
  });
  await open.page.evaluate(() => {
    const inPage = globalThis as unknown as InPage;
    inPage.kernels = new Map();
    inPage.post = (kernel, messages) => {
      for (const text of messages) {
        const data = JSON.parse(text);
        // JupyterLite passes buffers as views of its input.
        const viewOf = (bytes: unknown) =>
          Array.isArray(bytes) ? new DataView(new Uint8Array([0, ...bytes]).buffer, 1) : bytes;
        if (Array.isArray(data?.buffers)) data.buffers = data.buffers.map(viewOf);
        inPage.kernels.get(kernel)!.post(data);
      }
    };
  });
  return open;
}

export class PageClient extends Client {
  constructor(private readonly kernel: PageKernel) {
    super();
  }

  close(): void {
    this.kernel.clients.delete(this);
  }

  /** Posts arbitrary data. */
  postAnything(data: unknown): void {
    this.kernel.post(data);
  }

  protected post(channel: Exclude<Channel, 'iopub'>, header: Header, request: Request): void {
    const { content, parent: parent_header = {}, metadata = {}, buffers = [] } = request;
    this.kernel.post({
      channel,
      header,
      parent_header,
      metadata,
      content,
      buffers: buffers.map((bytes) => [...bytes]),
    });
  }
}

export class PageKernel implements TestedKernel {
  readonly clients = new Set<PageClient>();
  client!: PageClient;
  exited = false;
  private readonly number = ++count;
  private waiting: string[] = [];

  private constructor(
    private readonly page: Page,
    private readonly place: typeof usual,
  ) {}

  /** The page of all kernels. */
  static openPage(): Promise<OpenPage> {
    opened ??= openPage();
    return opened;
  }

  static async start(place = usual): Promise<PageKernel> {
    const { page } = await PageKernel.openPage();
    const kernel = new PageKernel(page, place);
    kernels.set(kernel.number, kernel);
    running.add(kernel);
    kernel.client = await kernel.connect();
    await kernel.startWorker();
    await kernel.client.settle();
    return kernel;
  }

  /** Closes the page, if one is open. */
  static async closePage(): Promise<void> {
    const closing = opened;
    opened = undefined;
    await (await closing)?.stop();
  }

  /** Restarts as JupyterLite does: replaces this kernel by another one. */
  async restart(): Promise<void> {
    await this.endWorker();
    await this.startWorker();
  }

  async connect(): Promise<PageClient> {
    const client = new PageClient(this);
    this.clients.add(client);
    return client;
  }

  write(name: string, text: string): void {
    this.give({ [`${this.place.folder}/${name}`]: text });
  }

  /** Adds files, as texts by path. */
  give(files: Record<string, string>): void {
    this.post({ type: 'files', files });
  }

  interrupt(): void {
    this.client.send('control', { type: 'interrupt_request', content: {} });
  }

  async exits(seconds: number): Promise<boolean> {
    const end = Date.now() + 1000 * seconds;
    while (!this.exited && Date.now() < end) {
      // A worker that has closed itself sends no event: it only stops answering.
      const id = this.client.send('control', { type: 'kernel_info_request', content: {} });
      this.exited = await this.client.reply(id, 2).then(
        () => false,
        () => true,
      );
      await sleep(100);
    }
    return this.exited;
  }

  async stop(): Promise<void> {
    await this.endWorker();
    kernels.delete(this.number);
    running.delete(this);
  }

  /** As in JupyterLite: published messages go to all clients, others to the sender of the request. */
  receive({ channel, header, parent_header: parent, metadata, content, buffers }: InJson): void {
    const message = { channel, topics: [], type: header.msg_type, header, parent, metadata, content };
    const all = { ...message, buffers: buffers.map((bytes) => Buffer.from(bytes)) };
    for (const client of this.clients)
      if (channel === 'iopub' || (parent as Partial<Header>).session === client.session) client.take(all);
  }

  /** Posts data to the worker. Data posted in one turn is sent together. */
  post(data: unknown): void {
    this.waiting.push(JSON.stringify(data));
    if (this.waiting.length > 1) return;
    setImmediate(() => {
      const messages = this.waiting;
      this.waiting = [];
      const post = ([kernel, messages]: [number, string[]]) => (globalThis as unknown as InPage).post(kernel, messages);
      // A page that has been closed meanwhile accepts no more.
      this.page.evaluate(post, [this.number, messages] as [number, string[]]).catch(() => undefined);
    });
  }

  private startWorker(): Promise<void> {
    return this.page.evaluate(
      ([kernel, place]) => {
        const { kernels, deliver, startHost } = globalThis as unknown as InPage;
        const host = startHost(place);
        let arrived: [number, string][] = [];
        let delivering = false;
        const deliverAll = async () => {
          delivering = true;
          while (arrived.length > 0) {
            const messages = arrived;
            arrived = [];
            await deliver(messages);
          }
          delivering = false;
        };
        /** Files written by cells, as JupyterLite's contents would store them. */
        const files = new Map<string, Uint8Array>();
        host.listen((data: Posted | Read | Write) => {
          if ('path' in data) {
            if (data.type === 'write') files.set(data.path, data.bytes);
            data.port.postMessage({ bytes: data.type === 'read' ? files.get(data.path) : undefined });
            return;
          }
          const buffers = data.buffers.map((bytes) => [...new Uint8Array((bytes as Uint8Array).slice().buffer)]);
          arrived.push([kernel, JSON.stringify({ ...data, buffers })]);
          if (!delivering) void deliverAll();
        });
        kernels.set(kernel, host);
      },
      [this.number, this.place] as const,
    );
  }

  private async endWorker(): Promise<void> {
    await this.page.evaluate((kernel) => {
      const { kernels } = globalThis as unknown as InPage;
      kernels.get(kernel)?.end();
      kernels.delete(kernel);
    }, this.number);
  }
}
