// The kernelspec `gradlab` starts this with the connection file: brings library and kernel up to date, then runs the kernel.
import './setup/node-version.mjs';

const { buildIfStale, lastBuild } = await import('./setup/build.mjs');
const { explain } = await import('./setup/errors.mjs');
const { runHost } = await import('./setup/host.mjs');
const { paths } = await import('./setup/paths.mjs');

const builds = ['library', 'kernel'];
const results = await Promise.allSettled(builds.map((which) => buildIfStale(paths, process.env, which)));
const failed = builds.filter((_, i) => results[i].status === 'rejected');
const reasons = results.flatMap(({ reason }) => (reason === undefined ? [] : explain(reason)));

if (failed.includes('kernel') && !lastBuild(paths, 'kernel')) {
  console.error(reasons.join('\n'));
  process.exit(1);
}
await runHost(paths, { reasons, firstError: failed.length > 0 ? buildError() : undefined });

/** Cells run on a library that is not what src/ says only if the person runs them once more, knowing it. */
function buildError() {
  const builtAt = failed.map((which) => lastBuild(paths, which)).sort()[0];
  const next = builtAt
    ? `Restart the kernel after correcting it. Or run the cell again: it uses the build of ${builtAt.toLocaleString()}.`
    : 'Restart the kernel after correcting it.';
  const evalue = `the cell was not run.\n${reasons.join('\n')}\n${next}`;
  return { ename: 'BuildError', evalue, traceback: `BuildError: ${evalue}`.split('\n') };
}
