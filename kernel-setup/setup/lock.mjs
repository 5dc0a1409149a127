import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const beatEvery = 1000;
/** Milliseconds without an update after which a holder counts as dead, */
const deadAfter = 20_000;
/** and likewise if its process still runs: a bundler may block it. */
const stuckAfter = 180_000;

/**
 * Runs `action` while no other process that asks for the same lock file does. Waits for the holder; a lock whose holder
 * died is taken over. `onWait` is called once, with the holder's process id, if there is a wait.
 * @template T
 * @param {string} file
 * @param {() => T | Promise<T>} action
 * @param {{ onWait?: (pid: string) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(file, action, { onWait } = {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${process.pid}@${os.hostname()}/${Math.random().toString(36).slice(2)}`;
  await acquire(file, mine, onWait);
  // Regular updates show waiting processes, even those that cannot see our process id, that we are alive.
  const beat = setInterval(() => touch(file), beatEvery);
  const release = () => {
    clearInterval(beat);
    if (contents(file) === mine) fs.rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await action();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function acquire(file, mine, onWait) {
  let seen;
  let told = false;
  for (;;) {
    try {
      fs.writeFileSync(file, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
    }
    const holder = contents(file);
    const beat = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (holder === undefined || beat === undefined) continue;
    const exited = hasExited(holder);
    if (!exited && !told) {
      told = true;
      onWait?.(holder.split('@')[0]);
    }
    // "How long unchanged while I watched" rather than "how old": after a suspend every lock looks old.
    if (seen?.holder !== holder || seen.beat !== beat) seen = { holder, beat, since: performance.now() };
    const longest = isOfThisMachine(holder) ? stuckAfter : deadAfter;
    if (exited || performance.now() - seen.since > longest) takeOver(file, holder, mine);
    await sleep(100);
  }
}

/** Removes a dead holder's lock. Renaming first makes sure that of two waiting processes only one removes it. */
function takeOver(file, holder, mine) {
  const aside = `${file}.${mine.replace(/\W/g, '-')}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return; // another process was quicker
  }
  if (contents(aside) === holder) fs.rmSync(aside, { force: true });
  else fs.renameSync(aside, file); // a new holder had it in the meantime: restore it
}

const partsOf = (holder) => /^(\d+)@([^/]*)/.exec(holder) ?? [];

const isOfThisMachine = (holder) => partsOf(holder)[2] === os.hostname();

/** Whether the process `pid@host` is on this machine and has exited. */
export function hasExited(holder) {
  const [, pid] = partsOf(holder);
  if (pid === undefined || !isOfThisMachine(holder)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function contents(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function touch(file) {
  try {
    const now = new Date();
    fs.utimesSync(file, now, now);
  } catch {
    // Released or taken over since.
  }
}
