// Runs the project's kernel: updates the builds of library and kernel first.
import { buildIfStale, lastBuild } from './build.mjs';
import { explain } from './errors.mjs';
import { runHost } from './host.mjs';
import { paths } from './paths.mjs';
import { refuse } from './refuse.mjs';

export async function runKernel() {
  const builds = ['library', 'kernel'];
  const results = await Promise.allSettled(builds.map((which) => buildIfStale(paths, process.env, which)));
  const failed = builds.filter((_, i) => results[i].status === 'rejected');
  const reasons = results.flatMap((result) => (result.status === 'fulfilled' ? [] : explain(result.reason)));
  if (failed.includes('kernel') && !lastBuild(paths, 'kernel')) return refuse('BuildError', reasons.join('\n'));
  return runHost(paths, { reasons, firstError: failed.length > 0 ? buildError(failed, reasons) : undefined });
}

/** With a failed build, cells run on the older library only after the user has seen the error and runs them again. */
function buildError(failed, reasons) {
  const builtAt = failed.map((which) => lastBuild(paths, which)).sort()[0];
  const next = builtAt
    ? `Restart the kernel after correcting it. Or run the cell again: it uses the build of ${builtAt.toLocaleString()}.`
    : 'Restart the kernel after correcting it.';
  const evalue = `the cell was not run.\n${reasons.join('\n')}\n${next}`;
  return { ename: 'BuildError', evalue, traceback: `BuildError: ${evalue}`.split('\n') };
}
