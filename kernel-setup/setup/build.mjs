import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { notWritable, SetUpError, sourceErrorCode } from './errors.mjs';
import {
  filesBelow,
  fingerprint,
  pointTo,
  readIfThere,
  realPathIfThere,
  replaceFolder,
  writeIfChanged,
} from './files.mjs';
import { generateSources } from './generate/index.mjs';

const reinstall = 'delete the folder node_modules, then `npm start`, which reinstalls the packages';
const stampName = '.source-stamp';
/** Minimum age of a change in milliseconds, so that a later change has another timestamp. */
const settled = 2000;

/**
 * The builds: library and kernel, each in a folder per state of the sources, so that a running kernel's files never
 * change. `current` is a link to the latest; `published` is a copy at the path in package.json.
 */
const buildsOf = (paths) => ({
  library: {
    name: 'The library',
    from: 'src/',
    current: paths.libraryBuild,
    published: paths.dist,
    sources: () => [
      paths.tsconfig,
      paths.bundler,
      paths.declarationsBundler,
      bundlerPackage(paths),
      path.join(paths.nodeModules, 'rolldown-plugin-dts', 'package.json'),
      ...filesBelow(paths.generator),
      ...filesBelow(paths.sources),
    ],
    beforehand: generateSources,
    entry: 'index.js',
  },
  kernel: {
    name: 'The kernel',
    from: 'kernel-setup/kernel/',
    current: paths.kernelBuild,
    sources: () => [
      paths.tsconfig,
      paths.bundler,
      path.join(path.dirname(paths.bundler), 'widget-types.mjs'),
      bundlerPackage(paths),
      path.join(paths.nodeModules, '@jupyter-widgets', 'schema', 'package.json'),
      ...filesBelow(paths.kernelSources),
    ],
    beforehand: (paths, env) => inBundler(paths, env, 'kernel', ['widgets']),
    entry: path.join('host', 'main.js'),
  },
});

const bundlerPackage = (paths) => path.join(paths.nodeModules, 'rolldown', 'package.json');

const buildStep = (title, which) => ({
  title,
  whyNeeded: ({ paths }) => whyStale(paths, which),
  run: ({ paths, env }) => buildIfStale(paths, env, which),
});

export const libraryBuild = buildStep('Library', 'library');
export const kernelBuild = buildStep('Kernel', 'kernel');

/** Why a build is stale; undefined if it is current. */
export function whyStale(paths, which = 'library') {
  const stamp = sourceStamp(paths, which);
  for (const folder of placesOf(paths, which)) {
    const reason = whyNotBuilt(paths, which, folder, stamp);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The paths at which others expect it. */
const placesOf = (paths, which) => {
  const { published, current } = buildsOf(paths)[which];
  return published === undefined ? [current] : [published, current];
};

/** Why a folder is not a build of the sources with this stamp. */
function whyNotBuilt(paths, which, folder, stamp) {
  const { from, entry } = buildsOf(paths)[which];
  const name = path.relative(paths.root, folder);
  if (!fs.existsSync(path.join(folder, entry))) return `${name}/ is not there`;
  const [sources, built] = (readIfThere(path.join(folder, stampName)) ?? '').split('\n');
  if (sources !== stamp) return `${from} changed`;
  return built === builtStamp(folder) ? undefined : `${name}/ is not as it was built`;
}

/** Time of the existing build; undefined if there is none. */
export function lastBuild(paths, which = 'library') {
  const { current, entry } = buildsOf(paths)[which];
  return fs.statSync(path.join(current, entry), { throwIfNoEntry: false })?.mtime;
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
  const { withLock } = await import('./lock.mjs'); // loaded lazily: kernels start faster
  await withLock(path.join(paths.locks, `build-${which}`), async () => {
    if (whyStale(paths, which)) await build(paths, env, which);
  });
}

/**
 * What has been built, by sizes and times of the source files. Checking these at each start of a kernel is faster than
 * reading the files.
 */
function sourceTimes(paths, which) {
  const { current, entry, sources } = buildsOf(paths)[which];
  const found = (files) => files.map((file) => ({ file, ...fs.statSync(file, { throwIfNoEntry: false }) }));
  const edited = found([path.join(current, entry), path.join(current, stampName), ...sources()]);
  const line = ({ file, mtimeMs, size }) => `${file.slice(paths.root.length)} ${mtimeMs} ${size}\n`;
  const built = placesOf(paths, which).flatMap((folder) => filesBelow(realPathIfThere(folder) ?? folder));
  return {
    lines: [...edited, ...found(built)].map(line).join(''),
    latest: Math.max(...edited.map(({ mtimeMs }) => mtimeMs ?? Number.POSITIVE_INFINITY)),
  };
}

/** Writes a file that only saves time. */
function writeIfPossible(file, text) {
  try {
    writeIfChanged(file, text);
  } catch {
    // The next start is a little slower.
  }
}

/** A fingerprint of everything the build depends on. */
const sourceStamp = (paths, which) => fingerprint(paths.root, buildsOf(paths)[which].sources());

/** A fingerprint of the build: a file may be lost or damaged later. */
function builtStamp(folder) {
  return fingerprint(
    folder,
    filesBelow(folder).filter((file) => path.basename(file) !== stampName),
  );
}

/** Makes a folder by `fill`, and records the sources' stamp. */
const fillFolder = (folder, stamp, fill) =>
  replaceFolder(folder, async (fresh) => {
    await fill(fresh);
    fs.writeFileSync(path.join(fresh, stampName), `${stamp}\n${builtStamp(fresh)}\n`);
  });

async function build(paths, env, which) {
  const { current, published, beforehand } = buildsOf(paths)[which];
  await beforehand?.(paths, env);
  const stamp = sourceStamp(paths, which); // before bundling: an edit during bundling must leave the build stale
  const folder = path.join(paths.builds, which, stamp);
  const isBuilt = (place) => whyNotBuilt(paths, which, place, stamp) === undefined;
  if (!isBuilt(folder)) await fillFolder(folder, stamp, (fresh) => inBundler(paths, env, which, [which, fresh]));
  if (published !== undefined && !isBuilt(published))
    await fillFolder(published, stamp, (fresh) => copyBuild(paths, folder, fresh));
  pointTo(current, folder);
  const { removeOldBuilds } = await import('./old-builds.mjs');
  removeOldBuilds(paths, which, folder);
}

const bundler = fileURLToPath(new URL('./bundle-process.mjs', import.meta.url));

/** Works with the bundler in a child process, because the kernel would keep its memory. */
async function inBundler(paths, env, which, task) {
  const { runNode } = await import('./run.mjs');
  const args = [bundler, paths.root, ...task];
  const { ok, code, output } = await runNode(process.execPath, args, { cwd: paths.root, env });
  if (ok) return;
  throw code === sourceErrorCode
    ? new SetUpError(`${buildsOf(paths)[which].name} does not compile`, {
        remedy: 'correct the lines named above; `npm run build` shows them again',
        details: output,
      })
    : new SetUpError('the bundler does not run', { remedy: reinstall, details: output });
}

/** Copies a build to another folder and adjusts its source maps. */
async function copyBuild(paths, from, to) {
  const back = (folder) => `"${path.relative(folder, paths.root).replaceAll(path.sep, '/')}/`;
  const copyOf = (file) => path.join(to, path.relative(from, file));
  const files = filesBelow(from);
  for (const file of files) {
    const copy = copyOf(file);
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    if (!file.endsWith('.map')) continue;
    const [before, after] = [file, copy].map((map) => back(path.dirname(map)));
    fs.writeFileSync(copy, fs.readFileSync(file, 'utf8').replaceAll(before, after));
  }
  // In parallel; after a failure, the others still finish.
  const others = files.filter((file) => !file.endsWith('.map'));
  const copies = await Promise.allSettled(others.map((file) => fs.promises.copyFile(file, copyOf(file))));
  for (const copy of copies) if (copy.status === 'rejected') throw copy.reason;
}
