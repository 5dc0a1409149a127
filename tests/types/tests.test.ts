import { expect, test } from 'vitest';
import { allTypes, checkTypes, paths } from '../../kernel-setup/setup/index.mjs';

// vitest strips types without checking them; npm test checks those of library, kernel and page first.
const others = allTypes(paths).slice(3);

test('npm run types checks the tests, the scripts, the kernel for pages and the entry points of the reference', () => {
  expect(others.map(([name]) => name)).toEqual(['kernel-setup-kernel-in-page', 'site-pages-api', 'scripts', 'tests']);
});

test.each(others)(
  'there are no type errors in %s',
  async (...project) => {
    const errors = await checkTypes(paths, process.env, [project]).then(
      () => undefined,
      ({ details, message }) => details ?? message,
    );
    expect(errors).toBeUndefined();
  },
  300_000,
);
