// The checks of conformance.test.ts in Firefox.
import { describe, test } from 'vitest';

const asked = Boolean(process.env.GRADLAB_ALL);
process.env.CONFORMANCE_BROWSER = 'firefox';
if (asked) await import('./conformance.test');
describe.skipIf(asked)(
  'the kernel in a page, in Firefox (skipped: it takes minutes; npm test -- --all runs it)',
  () => {
    test('its checks', () => undefined);
  },
);
