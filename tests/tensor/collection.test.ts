import { runInNewContext } from 'node:vm';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

const MB = 2 ** 20;

describe('large results that nobody keeps', () => {
  it('are collected while a program runs on without waiting', async () => {
    const { randn } = await import('gradlab');
    const x = randn([1000, 1000]);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let i = 0; i < 200; i++) {
      x.exp();
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    // 200 of 3.8 MB each. The thread that gives memory back is late where the processor has others to serve: with one round of garbage
    // at a time 42 to 72 MB were seen. When a collection is asked for is told below.
    expect(most).toBeLessThan(160 * MB);
  });

  it('leave no function for collecting garbage in contexts that are made later', () => {
    expect(runInNewContext('typeof gc')).toBe('undefined');
  });
});

describe('expectBytes', () => {
  /** MB that are held, as the next collections find it. */
  let held: number[];
  /** After how many MB it was collected. */
  let collected: number[];
  let make: (megabytes: number) => void;

  beforeEach(async () => {
    let made = 0;
    held = [];
    collected = [];
    vi.resetModules();
    vi.doMock('../../src/platform', () => ({
      collectLatest() {
        collected.push(made);
        return (held.shift() ?? 0) * MB;
      },
    }));
    const { expectBytes } = await import('../../src/tensor/collection');
    make = (megabytes) => {
      for (let i = 0; i < megabytes; i++) {
        made++;
        expectBytes(MB);
      }
    };
  });

  // Files share a process: those that come after this one have the platform of Node.
  afterAll(() => {
    vi.doUnmock('../../src/platform');
    vi.resetModules();
  });

  it('collects after each 8 MB while what was made is garbage', () => {
    held = [20, 20, 20, 20];
    make(36);
    expect(collected).toEqual([9, 18, 27, 36]);
  });

  it('leaves it to the engine where most of it stays alive, and begins again when it does not', () => {
    held = [20, 29, 46, 79, 144, 144, 144, 144];
    make(240);
    //               8  8   16  32   64   64   32   16
    expect(collected).toEqual([9, 18, 35, 68, 133, 198, 231]);
  });

  it('does not count small arrays', async () => {
    const { expectBytes } = await import('../../src/tensor/collection');
    for (let i = 0; i < 1000; i++) expectBytes(2 ** 18 - 1);
    expect(collected).toEqual([]);
  });
});
