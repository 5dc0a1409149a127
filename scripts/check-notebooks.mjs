// Checks what a machine can tell of the notebooks, the map and the claims, and whether the pages written from these are
// current. `npm run pages`, which is this with --write, writes the pages: the cells that lead from notebook to notebook,
// the start page, the errata, README's counts. The check ends with what a reader meets on each page, in numbers.
import { join } from 'node:path';
import { paths } from '../kernel-setup/setup/index.mjs';
import { writePages } from '../tools/notebooks/generated-pages.mjs';
import { lintAll } from '../tools/notebooks/lint-all.mjs';
import { statisticsOfAll, statisticsTable } from '../tools/notebooks/statistics.mjs';

const readme = join(paths.root, 'README.md');

if (process.argv.includes('--write')) {
  const written = writePages(paths.notebooks, readme);
  console.log(written.length > 0 ? `written: ${written.join(', ')}` : 'all pages are current');
} else {
  const problems = lintAll(paths.notebooks, readme);
  if (problems.length === 0) console.log(statisticsTable(statisticsOfAll(paths.notebooks)));
  for (const problem of problems) console.error(`✗ ${problem}`);
  console.log(problems.length > 0 ? `✗ Notebooks: ${problems.length} problems` : '✓ Notebooks, map and claims');
  process.exitCode = problems.length > 0 ? 1 : 0;
}
