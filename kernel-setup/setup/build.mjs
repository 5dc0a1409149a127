import fs from 'node:fs';
import path from 'node:path';
import { SetUpError } from './errors.mjs';
import { filesBelow, fingerprint, readIfThere, readJson, remove } from './files.mjs';
import { withLock } from './lock.mjs';
import { run } from './run.mjs';

const stampName = '.source-stamp';
const unfinished = '.dist-';

/** The library in dist/, compiled from src/ as it is now. */
export const libraryBuild = {
  title: 'Library',
  whyNeeded: ({ paths }) => whyStale(paths),
  run: ({ paths, env }) => buildIfStale(paths, env),
};

/** Why dist/ is not what src/ would give, or undefined if it is. */
export function whyStale(paths) {
  if (!fs.existsSync(path.join(paths.dist, 'index.js'))) return 'dist/ is not there';
  return readIfThere(path.join(paths.dist, stampName)) === sourceStamp(paths) ? undefined : 'src/ changed';
}

/** Builds unless dist/ is current. Several processes may call it at once: one builds, the others wait for it. */
export async function buildIfStale(paths, env = process.env) {
  if (!whyStale(paths)) return;
  await withLock(path.join(paths.locks, 'build'), async () => {
    if (whyStale(paths)) await build(paths, env);
  });
}

/** A fingerprint of everything the build depends on. */
function sourceStamp(paths) {
  const compiler = readJson(path.join(paths.nodeModules, 'typescript', 'package.json'))?.version;
  return `${fingerprint(paths.root, [paths.tsconfig, ...filesBelow(paths.sources)])} typescript ${compiler}\n`;
}

/**
 * Compiles into a folder beside dist/ (beside, so that the source maps' relative paths hold) and renames it into place:
 * dist/ is always one whole build, and a failed build leaves the last one alone.
 */
async function build(paths, env) {
  for (const name of fs.readdirSync(paths.root)) if (name.startsWith(unfinished)) remove(path.join(paths.root, name));
  const fresh = path.join(paths.root, `${unfinished}new`);
  const old = path.join(paths.root, `${unfinished}old`);
  const stamp = sourceStamp(paths); // before compiling: an edit made meanwhile leaves dist/ stale, as it should
  const compiler = path.join(paths.nodeModules, 'typescript', 'bin', 'tsc');
  const args = ['-p', paths.tsconfig, '--outDir', fresh, '--pretty', 'false'];
  const { ok, output } = await run(process.execPath, [compiler, ...args], { cwd: paths.root, env });
  if (!ok) {
    remove(fresh);
    throw new SetUpError('The library does not compile', {
      remedy: 'correct the lines named above; `npm run build` shows them again',
      details: output,
    });
  }
  fs.writeFileSync(path.join(fresh, stampName), stamp);
  if (fs.existsSync(paths.dist)) rename(paths.dist, old);
  rename(fresh, paths.dist);
  remove(old);
}

/** Renames, trying again for a while: Windows refuses while another process has a file of the folder open. */
function rename(from, to) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      if (attempt === 20 || !['EPERM', 'EACCES', 'EBUSY'].includes(error.code)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}
