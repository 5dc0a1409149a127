// Removes old builds, except the last two and those in use by kernels.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readIfThere, realPathIfThere, remove } from './files.mjs';
import { hasExited } from './lock.mjs';

const kept = 2;
/** Milliseconds after which a kernel on another machine, which shares the folder, no longer counts as running. */
const longest = 7 * 24 * 3600_000;

const usersFolder = (paths) => path.join(paths.builds, 'in-use');

/** Marks those of these folders that are builds as in use until this process ends. */
export function markInUse(paths, folders) {
  const root = realPathIfThere(paths.builds);
  const names = root === undefined ? [] : folders.map((folder) => path.relative(root, folder));
  const builds = names.filter((name) => !name.startsWith('..'));
  if (builds.length === 0) return;
  const file = path.join(usersFolder(paths), `${process.pid}@${os.hostname()}`);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, builds.join('\n'));
  } catch {
    return; // only others can write there, and they keep the last two
  }
  process.once('exit', () => fs.rmSync(file, { force: true }));
}

/** Builds in use by kernels, such as `library/…`. */
function inUse(paths) {
  const folder = usersFolder(paths);
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const age = Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    const isOurs = name.endsWith(`@${os.hostname()}`);
    if (isOurs ? !hasExited(name) : age < longest) return (readIfThere(file) ?? '').split('\n');
    remove(file);
    return [];
  });
}

/** Removes unused builds when `current` is the build. The caller must hold the build lock. */
export function removeOldBuilds(paths, which, current) {
  const now = new Date();
  fs.utimesSync(current, now, now); // it may be older than the last one
  const folder = path.join(paths.builds, which);
  const latestFirst = fs
    .readdirSync(folder)
    .map((name) => ({ name, time: fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.time - a.time);
  const used = inUse(paths);
  for (const { name } of latestFirst.slice(kept))
    if (!used.includes(path.join(which, name))) remove(path.join(folder, name));
}
