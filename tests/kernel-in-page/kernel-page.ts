// The kernel of a page, without JupyterLite: exchanges messages with its worker.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { bundleKernel } from '../../kernel-setup/kernel-in-page/bundle-kernel.mjs';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { type Browser, chromium } from '../support/browsers';
import { copyOnceMade } from '../support/once-in-run';
import { serveFiles } from '../support/static-server.mjs';

interface Reply {
  channel: string;
  header: { msg_type: string };
  parent_header: { msg_id?: string };
  content: Record<string, never>;
}

/** The reply to a request, and its outputs. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: what a message holds depends on its type
  reply: any;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  shown: { type: string; content: any }[];
  milliseconds: number;
}

/** The object that page.mjs provides to a page: the kernel's host, started as JupyterLite's extension starts it. */
export interface InPage {
  startHost(place: object): {
    ready: Promise<void>;
    post(message: object): void;
    // biome-ignore lint/suspicious/noExplicitAny: what a message holds depends on its type
    listen(hear: (message: any) => void): void;
    end(): void;
  };
}

/** Loads page.mjs, of the folder of the page's address, into its globals. */
export async function takeStartHost(page: Page): Promise<void> {
  await page.addScriptTag({ type: 'module', content: "Object.assign(globalThis, await import('./page.mjs'))" });
  await page.waitForFunction(() => 'startHost' in globalThis);
}

/**
 * Opens a page for the kernel's workers, none of which is started.
 * @param isolated whether it may share memory
 */
export async function openKernelPage(browser: Browser = chromium, isolated = false) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-kernel-in-page-'));
  const kernel = path.join(folder, 'kernel');
  await copyOnceMade(
    'kernel-in-page',
    async (to) => {
      await buildIfStale(paths);
      await bundleKernel(paths, to);
    },
    kernel,
  );
  const { server, address } = await serveFiles(kernel, { isolated });
  const context = await browser.launch({ folder });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(address);
  await takeStartHost(page);
  return {
    page,
    problems,
    /** The folder from which it loads its files. */
    folder: kernel,
    async stop() {
      await context.close();
      server.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts the kernel.
 * @param isolated whether its page may share memory
 */
export async function startKernel({
  browser = chromium,
  isolated = false,
  files = {},
}: {
  browser?: Browser;
  isolated?: boolean;
  files?: object;
} = {}) {
  const opened = await openKernelPage(browser, isolated);
  const { page } = opened;
  await page.evaluate((given) => {
    const { startHost } = globalThis as never as InPage;
    const host = startHost({ folder: '/drive/notebooks/note', data: '/data' });
    const replies: Reply[] = [];
    const waiting = new Set<() => void>();
    host.listen((message) => {
      replies.push(message);
      for (const go of waiting) go();
      waiting.clear();
    });
    host.post({ type: 'files', files: given });
    let count = 0;
    const post = (msg_type: string, content: object, channel = 'shell') => {
      const msg_id = `request-${++count}`;
      const header = { msg_id, msg_type, session: 'test', username: '', date: '', version: '5.4' };
      host.post({ channel, header, parent_header: {}, metadata: {}, content, buffers: [] });
      return msg_id;
    };
    const answerTo = async (id: string, start: number, hasReply: boolean) => {
      const ofRequest = () => replies.filter(({ parent_header }) => parent_header?.msg_id === id);
      const ended = () =>
        ofRequest().some(
          (m) => m.channel === 'iopub' && (m.content as { execution_state?: string }).execution_state === 'idle',
        );
      const replied = () => ofRequest().find((m) => m.channel !== 'iopub' && m.channel !== 'stdin');
      while ((hasReply && !replied()) || !ended()) await new Promise<void>((go) => waiting.add(go));
      const shown = ofRequest().filter((m) => m.channel === 'iopub' && m.header.msg_type !== 'status');
      return {
        reply: replied()?.content,
        shown: shown.map((m) => ({ type: m.header.msg_type, content: m.content })),
        milliseconds: performance.now() - start,
      };
    };
    Object.assign(globalThis, { kernel: { post, answerTo, host, replies } });
  }, files);

  const ask = (type: string, content: object, channel = 'shell'): Promise<Answer> =>
    page.evaluate(
      ([type, content, channel]) => {
        const { kernel } = globalThis as never as {
          kernel: {
            post: (...a: unknown[]) => string;
            answerTo: (id: string, start: number, hasReply: boolean) => Promise<Answer>;
          };
        };
        const start = performance.now();
        // Comm messages have no reply.
        return kernel.answerTo(kernel.post(type, content, channel), start, type.endsWith('_request'));
      },
      [type, content, channel] as const,
    );
  return {
    ...opened,
    ask,
    run: (code: string, options: object = {}) =>
      ask('execute_request', {
        code,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: true,
        ...options,
      }),
    /** Resolves when the running cell has printed this. */
    printed: (text: string) =>
      page.waitForFunction(
        (text) =>
          (globalThis as never as { kernel: { replies: Reply[] } }).kernel.replies.some(
            ({ header, content }) =>
              header.msg_type === 'stream' && (content as { text?: string }).text?.includes(text),
          ),
        text,
      ),
    /**
     * Interrupts the running cell.
     * @returns its reply, and the milliseconds until it came
     */
    async stopped(running: Promise<Answer>): Promise<Answer> {
      const start = performance.now();
      void ask('interrupt_request', {}, 'control');
      const answer = await running;
      return { ...answer, milliseconds: performance.now() - start };
    },
    give: (files: object) =>
      page.evaluate((given) => {
        (globalThis as never as { kernel: { host: ReturnType<InPage['startHost']> } }).kernel.host.post({
          type: 'files',
          files: given,
        });
      }, files),
  };
}
