import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Channels, Request } from '../../../kernel-setup/kernel/host/channels';
import { Dispatcher } from '../../../kernel-setup/kernel/host/dispatch';
import type { Outputs } from '../../../kernel-setup/kernel/host/output';
import type { Handlers } from '../../../kernel-setup/kernel/host/parts';
import { Shell } from '../../../kernel-setup/kernel/host/shell';

/** The log of events, in order. */
let log: string[];
let shell: Shell;
/** Ends the running request, and concurrent ones by name. */
let finish: () => void;
const ends = new Map<string, () => void>();
/** Whether the running request has reached the process of the cells. */
let hasBegun: boolean;

const request = (name: string, type = 'execute_request', content = {}) =>
  ({ header: { msg_id: name, msg_type: type }, content }) as Request;
const comm = (name: string, comm_id: string) => request(name, 'comm_msg', { comm_id });
const turn = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  hasBegun = false;
  const dispatcher = {
    async answer({ header, content }: Request) {
      log.push(header.msg_id);
      if (header.msg_type !== 'execute_request' && !('comm_id' in content)) return;
      await new Promise<void>((resolve) => {
        finish = resolve;
        ends.set(header.msg_id, resolve);
      });
    },
    announce: (state: string, { header }: Request) => log.push(`${header.msg_id} ${state}`),
    isAnswering: () => true,
  };
  const channels = {
    reply: ({ header }: Request, _: string, { status }: { status: string }) => log.push(`${header.msg_id} ${status}`),
    publish: (_: string, { execution_state: state }: { execution_state: string }, parent: object) =>
      log.push(`${JSON.stringify(parent)} ${state}`),
  };
  shell = new Shell(
    dispatcher as unknown as Dispatcher,
    channels as unknown as Channels,
    ({ header }) => header.msg_id === 'no matter of cells',
    () => hasBegun,
  );
});

afterEach(() => vi.useRealTimers());

test('runs one request at a time, in order', async () => {
  for (const name of ['a', 'b', 'c']) shell.receive(request(name));
  await turn();
  expect(log).toEqual(['a']);
  finish();
  await turn();
  expect(log).toEqual(['a', 'b']);
  finish();
  await turn();
  expect(log).toEqual(['a', 'b', 'c']);
});

test('aborts queued cells when another fails, and runs later ones', async () => {
  shell.receive(request('fails'));
  shell.receive(request('waits'));
  shell.receive(request('info', 'kernel_info_request'));
  const aborting = shell.abortWaiting();
  shell.receive(request('just arrived'));
  await vi.advanceTimersByTimeAsync(10);
  await aborting;
  shell.receive(request('later'));
  finish();
  await turn();
  expect(log).toEqual([
    'fails',
    ...['waits busy', 'waits aborted', 'waits idle'],
    'info',
    ...['just arrived busy', 'just arrived aborted', 'just arrived idle'],
    'later',
  ]);
});

test.each(['complete', 'inspect', 'kernel_info', 'comm_info', 'history', 'is_complete', 'connect', 'unknown'])(
  '%s_request does not wait for a long cell; the kernel is busy afterwards',
  async (type) => {
    shell.receive(request('long'));
    shell.receive(request('next'));
    shell.receive(request('asked', `${type}_request`));
    await turn();
    expect(log).toEqual(['long']);
    await vi.advanceTimersByTimeAsync(300);
    expect(log).toEqual(['long', 'asked', '{} busy']);
    finish();
    await turn();
    expect(log.slice(3)).toEqual(['next']);
  },
);

test('a completion after a short cell keeps its order', async () => {
  shell.receive(request('short'));
  shell.receive(request('completion', 'complete_request'));
  finish();
  await vi.advanceTimersByTimeAsync(300);
  expect(log).toEqual(['short', 'completion']);
});

test('the control channel answers requests without a cell immediately, and queues cells', async () => {
  shell.receive(request('long'));
  for (const type of ['execute_request', 'comm_msg', 'kernel_info_request']) shell.receiveControl(request(type, type));
  await turn();
  expect(log).toEqual(['long', 'kernel_info_request', '{} busy']);
  finish();
  await turn();
  expect(log.slice(3)).toEqual(['execute_request']);
  finish();
  await turn();
  expect(log.slice(4)).toEqual(['comm_msg']);
});

test('a comm message is delivered once the previous cell has arrived, ahead of queued cells', async () => {
  shell.receive(request('long'));
  shell.receive(request('next'));
  shell.receive(comm('moved', 'slider'));
  await turn();
  expect(log).toEqual(['long']); // it is compiled
  hasBegun = true;
  shell.join();
  shell.receive(comm('pressed', 'button'));
  await turn();
  expect(log).toEqual(['long', 'moved', 'pressed']);
  ends.get('pressed')!();
  await turn();
  expect(log.slice(3)).toEqual(['{} busy']);
  ends.get('long')!();
  await turn();
  expect(log.slice(4)).toEqual(['next']);
});

test('messages of one comm are handled one after the other, also when the concurrent cell has ended', async () => {
  hasBegun = true;
  shell.receive(request('long'));
  for (const name of ['first', 'second', 'third']) shell.receive(comm(name, 'slider'));
  await turn();
  expect(log).toEqual(['long', 'first']);
  ends.get('first')!();
  await turn();
  expect(log.slice(2)).toEqual(['{} busy', 'second']);
  ends.get('long')!();
  await turn();
  shell.receive(request('next'));
  await turn();
  expect(log.slice(4)).toEqual(['next']);
  ends.get('second')!();
  await turn();
  expect(log.slice(5)).toEqual(['{} busy', 'third']);
});

test('a message of one comm does not wait for the handler of another, which may depend on it', async () => {
  hasBegun = true;
  shell.receive(comm('start', 'one button'));
  shell.receive(comm('stop', 'another button'));
  await turn();
  expect(log).toEqual(['start', 'stop']);
});

test.each([
  ['ends', 'interrupt_request'],
  ['ends', 'shutdown_request'],
  ['no matter of cells', 'comm_msg'],
])('%s: %s is answered before queued requests', async (name, type) => {
  for (const waiting of ['long', 'next']) shell.receive(request(waiting));
  shell.receive(request(name, type));
  await turn();
  expect(log).toEqual(['long', name, '{} busy']);
});

// JupyterLab's server sends on both channels at the same time when a page connects.
const delays = [0, 1, 2, 3, 4, 5].flatMap((own) => [0, 1, 2, 3, 4, 5].map((other) => [own, other] as const));
test.each(delays)(
  'the kernel is idle after simultaneous requests on both channels: after %i and %i',
  async (own, other) => {
    for (const order of [
      ['shell', 'control'],
      ['control', 'shell'],
    ]) {
      const states: string[] = [];
      const handlers = {
        async kernel_info_request({ header }: Request) {
          for (let left = header.msg_id === 'shell' ? own : other; left > 0; left--) await null;
        },
      };
      const channels = {
        publish: (
          _: string,
          { execution_state: state }: { execution_state: string },
          { msg_id }: { msg_id?: string },
        ) => states.push(`${msg_id} ${state}`),
      } as unknown as Channels;
      const outputs = { flush: () => {} } as unknown as Outputs;
      const dispatcher = new Dispatcher(channels, outputs, handlers as unknown as Handlers);
      const both = new Shell(
        dispatcher,
        channels,
        () => false,
        () => false,
      );
      for (const name of order) {
        const asked = request(name, 'kernel_info_request');
        if (name === 'shell') both.receive(asked);
        else both.receiveControl(asked);
      }
      await turn();
      expect(states.at(-1)).toMatch(/idle$/);
      expect(states.filter((state) => state.endsWith('idle'))).toHaveLength(2);
    }
  },
);

test('a question is passed on before busy is announced, and answered after it', async () => {
  const done: string[] = [];
  const channels = {
    publish: (_: string, { execution_state: state }: { execution_state: string }) => done.push(state),
    reply: (_: Request, type: string) => done.push(type),
  } as unknown as Channels;
  const outputs = { flush: () => {} } as unknown as Outputs;
  const handlers = {
    async inspect_request() {
      done.push('asked');
      return { status: 'ok', found: false, data: {}, metadata: {} };
    },
  };
  const dispatcher = new Dispatcher(channels, outputs, handlers as unknown as Handlers);
  await dispatcher.answer(request('1', 'inspect_request', { code: 'a', cursor_pos: 1 }));
  expect(done).toEqual(['asked', 'busy', 'inspect_reply', 'idle']);
});
