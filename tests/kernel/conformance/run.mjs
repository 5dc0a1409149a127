// Runs the suite on a kernel and prints the list, line by line, with the totals:
// node tests/kernel/conformance/run.mjs --kernel gradlab|page|ipykernel|tslab [--verbose] [part of a file's name …]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..', '..');
const { values, positionals } = parseArgs({
  options: {
    kernel: { type: 'string', default: 'gradlab' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
  allowPositionals: true,
});
if (values.help) {
  console.log(`npm run conformance [-- --kernel gradlab|page|ipykernel|tslab] [--verbose] [part of a file's name …]
Runs the suite of Jupyter's protocol on a kernel and prints its checks, line by line, with the totals. "page" is the kernel
of the laboratory in a browser.`);
  process.exit(0);
}

const folder = path.join(root, '.gradlab', 'tmp');
fs.mkdirSync(folder, { recursive: true });
const report = path.join(folder, `conformance-${values.kernel}.json`);
fs.rmSync(report, { force: true });
const inPage = values.kernel === 'page'; // all in one file, so that one page is enough
const filters = inPage
  ? [path.join(root, 'tests', 'kernel-in-page', 'conformance.test.ts')]
  : positionals.length > 0
    ? positionals
    : [here];
spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    ...['run', '--project', 'system', '--reporter=json', `--outputFile=${report}`, ...filters],
  ],
  {
    cwd: root,
    env: {
      ...process.env,
      CONFORMANCE_KERNEL: values.kernel,
      ...(inPage && positionals.length > 0 && { CONFORMANCE_FILES: positionals.join(' ') }),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);

/** `id (tier) assertion`, the test names of the harness; other names are additional tests. */
const named = /^([\w-]+) \((core|lang|qual)\) /;
const results = JSON.parse(fs.readFileSync(report, 'utf8')).testResults.flatMap((file) => {
  if (file.assertionResults.length === 0) console.log(`✗ ${path.basename(file.name)}: ${file.message}`);
  return file.assertionResults;
});
const marks = { passed: '✓', failed: '✗' };
const totals = {};
for (const { title, status, failureMessages } of results) {
  const tier = title.match(named)?.[2] ?? 'further';
  totals[tier] ??= { passed: 0, failed: 0, skipped: 0 };
  totals[tier][status in marks ? status : 'skipped'] += 1;
  console.log(`${marks[status] ?? '-'} ${title}`);
  const [message = ''] = failureMessages;
  if (status === 'failed') console.log(`    ${values.verbose ? message : message.split('\n')[0].slice(0, 300)}`);
}

const lines = Object.entries(totals).map(
  ([tier, { passed, failed, skipped }]) =>
    `${tier} ${passed}/${passed + failed}${skipped > 0 ? ` (${skipped} left out)` : ''}`,
);
console.log(`\n${values.kernel}: ${lines.join(', ')}`);
const ran = results.filter(({ status }) => status in marks);
const ids = new Set(ran.flatMap(({ title }) => title.match(named)?.[1] ?? []));
console.log(`${ids.size} of the list's checks ran`);
process.exitCode = results.some(({ status }) => status === 'failed') ? 1 : 0;
