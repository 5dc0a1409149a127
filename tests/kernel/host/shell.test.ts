import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Channels, Request } from '../../../kernel-setup/kernel/host/channels';
import type { Dispatcher } from '../../../kernel-setup/kernel/host/dispatch';
import { Shell } from '../../../kernel-setup/kernel/host/shell';

/** What happened, in order. */
let log: string[];
let shell: Shell;
/** Ends the request that runs. */
let finish: () => void;

const request = (name: string, type = 'execute_request') => ({ header: { msg_id: name, msg_type: type } }) as Request;
const turn = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  const dispatcher = {
    async answer({ header }: Request) {
      log.push(header.msg_id);
      if (header.msg_type !== 'execute_request') return;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
    announce: (state: string, { header }: Request) => log.push(`${header.msg_id} ${state}`),
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
  );
});

afterEach(() => vi.useRealTimers());

test('one at a time, in order', async () => {
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

test('cells that wait when another fails are refused, later ones run', async () => {
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

test('a completion behind a short cell comes in its turn', async () => {
  shell.receive(request('short'));
  shell.receive(request('completion', 'complete_request'));
  finish();
  await vi.advanceTimersByTimeAsync(300);
  expect(log).toEqual(['short', 'completion']);
});

test('by the control channel, what needs no cell is answered at once, and a cell comes in its turn', async () => {
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

test.each([
  ['ends', 'interrupt_request'],
  ['ends', 'shutdown_request'],
  ['no matter of cells', 'comm_msg'],
])('%s: %s is answered ahead of what waits', async (name, type) => {
  for (const waiting of ['long', 'next']) shell.receive(request(waiting));
  shell.receive(request(name, type));
  await turn();
  expect(log).toEqual(['long', name, '{} busy']);
});
