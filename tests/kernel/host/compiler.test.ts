// The host and the compiler's thread: interrupts, crashes, and the messages to a new thread.
import { beforeEach, expect, test, vi } from 'vitest';
import type { FromCompiler, ToCompiler } from '../../../kernel-setup/kernel/compiler/serve';
import {
  CompileInterrupted,
  Compiler,
  CompilerNotLoaded,
  type CompilerThreadEvents,
} from '../../../kernel-setup/kernel/host/compiler';

interface Thread {
  calls: ToCompiler[];
  ended: boolean;
  events: CompilerThreadEvents;
}

let threads: Thread[];
let compiler: Compiler;

beforeEach(() => {
  vi.useFakeTimers();
  threads = [];
  compiler = new Compiler((events) => {
    const thread: Thread = { calls: [], ended: false, events };
    threads.push(thread);
    return {
      post: (call) => thread.calls.push(call),
      end: () => {
        thread.ended = true;
      },
    };
  });
  return () => vi.useRealTimers();
});

const newest = () => threads.at(-1)!;
const says = (message: FromCompiler) => newest().events.onMessage(message);
const loaded = () => says({ type: 'loaded' });
/** Calls of the thread, without most arguments. */
const asked = (thread = newest()) => thread.calls.map(({ method, args }) => `${method} ${JSON.stringify(args[0])}`);
const idOf = (source: string) => newest().calls.find(({ args }) => args[0] === source)!.id;
const modulesOf = (...paths: string[]) => paths.map((path) => ({ path, js: '' }));
/** Replies to a compilation. */
const compiled = (source: string, ...modules: string[]) =>
  says({ type: 'returned', id: idOf(source), value: { ok: true, modules: modulesOf(...modules) } });
const memory = (source: string) => ({
  label: 'a cell',
  source,
  declarations: '',
  names: [],
  uses: new Map(),
  stars: new Map(),
});

test('each call receives its own answer', async () => {
  const [one, two] = [compiler.ask('isComplete', 'one'), compiler.ask('isComplete', 'two')];
  says({ type: 'returned', id: idOf('two'), value: { status: 'invalid' } });
  says({ type: 'returned', id: idOf('one'), value: { status: 'complete' } });
  expect([await one, await two]).toEqual([{ status: 'complete' }, { status: 'invalid' }]);
});

test('errors of the compiler are thrown', async () => {
  const call = compiler.compile('deep');
  says({ type: 'thrown', id: idOf('deep'), error: new RangeError('too deep') });
  await expect(call).rejects.toThrow(RangeError);
});

test('an interrupted compilation fails immediately; its thread stays if it finishes soon', async () => {
  loaded();
  const call = compiler.compile('long');
  compiler.interrupt();
  await expect(call).rejects.toThrow(CompileInterrupted);
  compiled('long');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(threads).toHaveLength(1);
});

test('a thread that does not finish is replaced, and the earlier cells are replayed', async () => {
  loaded();
  compiler.remember(memory('first cell'));
  compiler.remember(memory('second cell'), ['x']);
  const call = compiler.compile('endless');
  const completion = compiler.ask('complete', 'waits behind it', 0);
  compiler.interrupt();
  await expect(call).rejects.toThrow(CompileInterrupted);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(threads.map(({ ended }) => ended)).toEqual([true, false]);
  expect(newest().calls.map(({ method, args }) => [method, ...args])).toEqual([
    ['remember', memory('first cell')],
    ['remember', memory('second cell'), ['x']],
    ['complete', 'waits behind it', 0],
  ]);
  says({ type: 'returned', id: idOf('waits behind it'), value: 'answer' });
  expect(await completion).toBe('answer');
});

test('a thread that is still loading is not replaced, since the new one would be later', async () => {
  const call = compiler.compile('early');
  compiler.interrupt();
  await expect(call).rejects.toThrow(CompileInterrupted);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(threads).toHaveLength(1);
  loaded();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(threads).toHaveLength(2);
});

test('an interrupt without a compilation changes nothing', async () => {
  loaded();
  const completion = compiler.ask('complete', 'long', 0);
  compiler.interrupt();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(threads).toHaveLength(1);
  says({ type: 'returned', id: idOf('long'), value: 'answer' });
  expect(await completion).toBe('answer');
});

test('local modules of a cancelled compilation are sent with the next one', async () => {
  loaded();
  const dropped = compiler.compile('dropped');
  compiler.interrupt();
  await expect(dropped).rejects.toThrow(CompileInterrupted);
  compiled('dropped', '/a.ts', '/b.ts');
  const next = compiler.compile('next');
  compiled('next', '/b.ts', '/c.ts');
  expect(await next).toMatchObject({ modules: modulesOf('/a.ts', '/b.ts', '/c.ts') });
  const last = compiler.compile('last');
  compiled('last');
  expect(await last).toMatchObject({ modules: [] });
});

test('after a reset a new thread has no earlier cells', async () => {
  loaded();
  compiler.remember(memory('gone'));
  compiler.reset();
  compiler.remember(memory('kept'));
  newest().events.onDeath(new Error('out of memory'));
  const call = compiler.compile('next');
  expect(asked()).toEqual([`remember ${JSON.stringify(memory('kept'))}`, 'compile "next"']);
  compiled('next');
  await call;
});

test('if the thread dies, its current call fails, and pending ones are repeated', async () => {
  loaded();
  const [first, second] = [compiler.compile('too much'), compiler.ask('isComplete', 'next')];
  newest().events.onDeath(new Error('out of memory'));
  await expect(first).rejects.toThrow('out of memory');
  expect(threads).toHaveLength(2);
  expect(asked()).toEqual(['isComplete "next"']);
  says({ type: 'returned', id: idOf('next'), value: { status: 'complete' } });
  expect(await second).toEqual({ status: 'complete' });
});

test('a thread that dies while idle is replaced at the next call', async () => {
  loaded();
  newest().events.onDeath(new Error('out of memory'));
  expect(threads).toHaveLength(1);
  void compiler.compile('next').catch(() => {});
  expect(threads).toHaveLength(2);
  expect(asked()).toEqual(['compile "next"']);
});

test('a compiler that cannot be loaded fails all calls, and is loaded again at the next', async () => {
  const calls = [compiler.compile('first'), compiler.ask('isComplete', 'second')];
  newest().events.onDeath(new Error('cannot find TypeScript'));
  for (const call of calls) await expect(call).rejects.toThrow(new CompilerNotLoaded('cannot find TypeScript'));
  for (const call of calls) await expect(call).rejects.toBeInstanceOf(CompilerNotLoaded);
  expect(threads).toHaveLength(1);
  void compiler.compile('third').catch(() => {});
  expect(threads).toHaveLength(2);
});

test('messages of a replaced thread are ignored', async () => {
  loaded();
  const old = newest();
  const call = compiler.compile('endless');
  compiler.interrupt();
  await expect(call).rejects.toThrow(CompileInterrupted);
  await vi.advanceTimersByTimeAsync(10_000);
  old.events.onDeath(new Error('ended'));
  expect(threads).toHaveLength(2);
});
