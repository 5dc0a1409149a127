import { describe, expect, it } from 'vitest';
import { CHROMIUM_REMEDY, findChromium } from '../../kernel-setup/figures/chromium.mjs';

/**
 * A group of tests that need Chromium. Without it they are skipped, and the reason is printed; in continuous
 * integration (the variable CI is set) that is a failure.
 */
export function describeInChromium(name: string, tests: () => void): void {
  if (findChromium()) {
    describe(name, tests);
    return;
  }
  const reason = `no Chromium was found: ${CHROMIUM_REMEDY}`;
  if (process.env.CI) {
    describe(name, () => {
      it('needs Chromium in continuous integration', () => expect.fail(reason));
    });
    return;
  }
  console.warn(`Skipped: ${name}; ${reason}`);
  describe.skip(`${name} (skipped: ${reason})`, tests);
}
