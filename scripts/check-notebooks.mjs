// Checks notebooks, the map and the claims automatically, and whether the pages generated from them are current.
// `npm run pages` is this script with --write and writes the pages: navigation cells of notebooks, the start page, the
// errata, README's counts. The check ends with statistics for authors, which never fail. For named notebooks, as in
// `npm run check -- 002/momentum-heavy-ball`, it lists each long sentence, odd cell and pinned value.
import { join } from 'node:path';
import { paths } from '../kernel-setup/setup/index.mjs';
import { writePages } from '../tools/notebooks/generated-pages.mjs';
import { lintAll } from '../tools/notebooks/lint-all.mjs';
import { remarksOf, statisticsOfAll, statisticsTable } from '../tools/notebooks/statistics.mjs';

const readme = join(paths.root, 'README.md');

if (process.argv.includes('--write')) {
  const written = writePages(paths.notebooks, readme);
  console.log(written.length > 0 ? `written: ${written.join(', ')}` : 'all pages are current');
} else {
  const problems = lintAll(paths.notebooks, readme);
  const names = process.argv.slice(2);
  const all = statisticsOfAll(paths.notebooks);
  const named = all.filter(({ path, ref }) => names.includes(ref) || names.some((name) => path.startsWith(name)));
  if (named.length > 0 || problems.length === 0) console.log(statisticsTable(named.length > 0 ? named : all));
  for (const one of named) for (const remark of remarksOf(one)) console.log(`${one.ref} ${remark}`);
  for (const problem of problems) console.error(`✗ ${problem}`);
  console.log(problems.length > 0 ? `✗ Notebooks: ${problems.length} problems` : '✓ Notebooks, map and claims');
  process.exitCode = problems.length > 0 ? 1 : 0;
}
