// A page's clock, held: animations advance when a test says so, and not while a busy machine is delayed.
import type { Page } from 'playwright-core';

/** Waits until the page has drawn this many frames. */
export const frames = (page: Page, count = 5): Promise<void> =>
  page.evaluate(async (left) => {
    for (let i = 0; i < left; i++) await new Promise(requestAnimationFrame);
  }, count);

/** Stops Date.now and performance.now of a page. */
export async function holdClock(page: Page) {
  await page.evaluate(() => {
    const own = [Date.now, performance.now] as const;
    const held = own.map((now, i) => now.call(i === 0 ? Date : performance)) as [number, number];
    const clock = { passed: 0, release: () => ([Date.now, performance.now] = own) };
    Date.now = () => held[0] + clock.passed;
    performance.now = () => held[1] + clock.passed;
    Object.assign(window, { heldClock: clock });
  });
  type Held = { heldClock: { passed: number; release(): void } };
  return {
    /** Advances the clock by milliseconds, and waits until the page has drawn. */
    async pass(milliseconds: number): Promise<void> {
      await page.evaluate((more) => {
        (window as unknown as Held).heldClock.passed += more;
      }, milliseconds);
      await frames(page);
    },
    release: (): Promise<void> => page.evaluate(() => (window as unknown as Held).heldClock.release()),
  };
}
