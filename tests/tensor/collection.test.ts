import { runInNewContext } from 'node:vm';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

const MB = 2 ** 20;

describe('large unreachable results', () => {
  it('are collected while a program runs without waiting', async () => {
    const { randn } = await import('gradlab');
    const x = randn([1000, 1000]);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let i = 0; i < 200; i++) {
      x.exp();
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    // 200 results of 3.8 MB each. The thread that releases memory is late on a busy machine: 42 to 72 MB were measured
    // with one collection at a time. The tests below check when collections are requested.
    expect(most).toBeLessThan(160 * MB);
  });

  it('expose no garbage collection function in later contexts', () => {
    expect(runInNewContext('typeof gc')).toBe('undefined');
  });
});

describe('expectBytes', () => {
  /** MB that the next collections find in use. */
  let held: number[];
  /** The allocated MB at each collection. */
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

  // Files share a process, so the platform of Node is restored for later ones.
  afterAll(() => {
    vi.doUnmock('../../src/platform');
    vi.resetModules();
  });

  it('collects after each 8 MB while the allocations are garbage', () => {
    held = [20, 20, 20, 20];
    make(36);
    expect(collected).toEqual([9, 18, 27, 36]);
  });

  it('leaves it to the engine while most memory stays alive, and starts again when it does not', () => {
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
