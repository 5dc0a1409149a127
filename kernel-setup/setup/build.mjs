import fs from 'node:fs';
import path from 'node:path';
import { bundleLibrary } from './bundle.mjs';
import { notWritable, SetUpError } from './errors.mjs';
import { filesBelow, fingerprint, readIfThere, readJson, replaceFolder, writeIfChanged } from './files.mjs';

const reinstall = 'delete the folder node_modules, then `npm start`, which installs the packages anew';
const stampName = '.source-stamp';
/** How old, in milliseconds, the latest change must be for its time to tell it from the next one. */
const settled = 2000;

/** What is compiled: the library into dist/, and the kernel. */
const buildsOf = (paths) => ({
  library: {
    name: 'The library',
    from: 'src/',
    to: paths.dist,
    tsconfig: paths.tsconfig,
    sources: () => [paths.tsconfig, paths.bundler, ...filesBelow(paths.sources)],
    entry: 'index.js',
    // The compiler writes declarations; a bundler, which sees one file at a time, the JavaScript.
    options: ['--emitDeclarationOnly', '--isolatedModules'],
    afterwards: bundleLibrary,
  },
  kernel: {
    name: 'The kernel',
    from: 'kernel-setup/kernel/',
    to: paths.kernelBuild,
    tsconfig: path.join(paths.kernelSources, 'tsconfig.json'),
    sources: () => [paths.tsconfig, ...filesBelow(paths.kernelSources)],
    entry: path.join('host', 'main.js'),
  },
});

const buildStep = (title, which) => ({
  title,
  whyNeeded: ({ paths }) => whyStale(paths, which),
  run: ({ paths, env }) => buildIfStale(paths, env, which),
});

export const libraryBuild = buildStep('Library', 'library');
export const kernelBuild = buildStep('Kernel', 'kernel');

/** Why what was built is not what the sources would give, or undefined if it is. */
export function whyStale(paths, which = 'library') {
  const { from, to } = buildsOf(paths)[which];
  if (!lastBuild(paths, which)) return `${path.relative(paths.root, to)}/ is not there`;
  const [sources, built] = (readIfThere(path.join(to, stampName)) ?? '').split('\n');
  if (sources !== sourceStamp(paths, which)) return `${from} changed`;
  return built === builtStamp(to) ? undefined : `${path.relative(paths.root, to)}/ is not as it was built`;
}

/** When the build that is there was made; undefined if there is none. */
export function lastBuild(paths, which = 'library') {
  const { to, entry } = buildsOf(paths)[which];
  return fs.statSync(path.join(to, entry), { throwIfNoEntry: false })?.mtime;
}

/** Builds unless the build is current. Several processes may call it at once: one builds, the others wait for it. */
export async function buildIfStale(paths, env = process.env, which = 'library') {
  const times = sourceTimes(paths, which);
  const timesFile = path.join(paths.own, `${which}.times`);
  if (times.lines === readIfThere(timesFile)) return;
  const reason = whyStale(paths, which);
  if (!reason) {
    if (times.latest < Date.now() - settled) writeIfPossible(timesFile, times.lines);
    return;
  }
  if (paths.readOnly) throw notWritable(paths, [`${buildsOf(paths)[which].name} is not up to date: ${reason}`]);
  const { withLock } = await import('./lock.mjs'); // not before it is needed: kernels start faster
  await withLock(path.join(paths.locks, `build-${which}`), async () => {
    if (whyStale(paths, which)) await build(paths, env, which);
  });
}

const compilerPackage = (paths) => path.join(paths.nodeModules, 'typescript', 'package.json');

/**
 * What has been built and from what, by the sizes and times of the files: an edit changes these, and to look at them is
 * faster than to read all files whenever a kernel starts.
 */
function sourceTimes(paths, which) {
  const { to, entry, sources } = buildsOf(paths)[which];
  const found = (files) => files.map((file) => ({ file, ...fs.statSync(file, { throwIfNoEntry: false }) }));
  const edited = found([path.join(to, entry), path.join(to, stampName), compilerPackage(paths), ...sources()]);
  const line = ({ file, mtimeMs, size }) => `${file.slice(paths.root.length)} ${mtimeMs} ${size}\n`;
  return {
    lines: [...edited, ...found(filesBelow(to))].map(line).join(''),
    latest: Math.max(...edited.map(({ mtimeMs }) => mtimeMs ?? Number.POSITIVE_INFINITY)),
  };
}

/** For what only saves time. */
function writeIfPossible(file, text) {
  try {
    writeIfChanged(file, text);
  } catch {
    // The next start takes a little longer.
  }
}

/** A fingerprint of everything the build depends on. */
function sourceStamp(paths, which) {
  const compiler = readJson(compilerPackage(paths))?.version;
  return `${fingerprint(paths.root, buildsOf(paths)[which].sources())} typescript ${compiler}`;
}

/** A fingerprint of what was built: a file may be lost or damaged afterwards. */
function builtStamp(to) {
  return fingerprint(
    to,
    filesBelow(to).filter((file) => path.basename(file) !== stampName),
  );
}

/** Compiles into a folder beside the last build: beside, so that the source maps' relative paths hold. */
async function build(paths, env, which) {
  const { name, to, tsconfig, options = [], afterwards } = buildsOf(paths)[which];
  const stamp = sourceStamp(paths, which); // before compiling: an edit made meanwhile leaves the build stale, as it should
  const compiler = path.join(paths.nodeModules, 'typescript', 'bin', 'tsc');
  const { runNode } = await import('./run.mjs');
  await replaceFolder(to, async (fresh) => {
    const args = ['-p', tsconfig, '--outDir', fresh, '--pretty', 'false', ...options];
    const { ok, output } = await runNode(process.execPath, [compiler, ...args], { cwd: paths.root, env });
    if (!ok)
      throw /error TS\d/.test(output)
        ? new SetUpError(`${name} does not compile`, {
            remedy: 'correct the lines named above; `npm run build` shows them again',
            details: output,
          })
        : new SetUpError('the TypeScript compiler does not run', { remedy: reinstall, details: output });
    try {
      await afterwards?.(paths, fresh);
    } catch (error) {
      throw new SetUpError(`${name} compiles, but cannot be bundled`, { remedy: reinstall, details: String(error) });
    }
    fs.writeFileSync(path.join(fresh, stampName), `${stamp}\n${builtStamp(fresh)}\n`);
  });
}
