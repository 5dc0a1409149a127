// The checks of conformance.test.ts in Firefox.
import { describe, test } from 'vitest';
import { browsers, firefox } from '../support/browsers';

process.env.CONFORMANCE_BROWSER = 'firefox';
if (browsers.includes(firefox)) await import('./conformance.test');
else {
  const reason = 'it takes minutes; npm test -- --all runs it';
  console.warn(`Skipped: the kernel in a page, in Firefox; ${reason}`);
  describe.skip(`the kernel in a page, in Firefox (skipped: ${reason})`, () => {
    test.todo('its checks');
  });
}
