// Checks what a machine can tell of the notebooks, the map and the claims, and whether the pages written from these are
// current. `npm run pages`, which is this with --write, writes the pages: the cells that lead from notebook to notebook,
// the start page, the errata, README's counts.
import { join } from 'node:path';
import { lintAll } from '../kernel-setup/runner/lint-all.mjs';
import { writePages } from '../kernel-setup/runner/pages.mjs';
import { paths } from '../kernel-setup/setup/index.mjs';

const readme = join(paths.root, 'README.md');

if (process.argv.includes('--write')) {
  const written = writePages(paths.notebooks, readme);
  console.log(written.length > 0 ? `written: ${written.join(', ')}` : 'all pages are current');
} else {
  const problems = lintAll(paths.notebooks, readme);
  for (const problem of problems) console.error(`✗ ${problem}`);
  console.log(problems.length > 0 ? `✗ Notebooks: ${problems.length} problems` : '✓ Notebooks, map and claims');
  process.exitCode = problems.length > 0 ? 1 : 0;
}
