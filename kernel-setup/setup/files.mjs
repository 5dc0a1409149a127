import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Replaces a file atomically: readers, and an interruption at any time, leave the old or the new text. */
export function writeAtomically(file, text) {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  try {
    fs.writeFileSync(temporary, text, { flush: true });
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Writes `text` atomically unless the file has it already. Creates the folder if missing. */
export function writeIfChanged(file, text) {
  if (readIfThere(file) === text) return false;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, text);
  return true;
}

/** The file's text, or undefined if it does not exist. */
export function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The file's JSON value, or undefined if it is missing or incomplete. */
export function readJson(file) {
  try {
    return JSON.parse(readIfThere(file) ?? '');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const toJson = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** A hash of the files' names (relative to `root`) and contents. Missing files are included. */
export function fingerprint(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const name = path.relative(root, file).split(path.sep).join('/');
    const contents = fs.existsSync(file) ? fs.readFileSync(file) : undefined;
    hash.update(`${name}\0${contents ? contents.length : 'missing'}\0`);
    if (contents) hash.update(contents);
  }
  return hash.digest('hex').slice(0, 32);
}

/** All files below `folder`, sorted by path; empty if it does not exist. */
export function filesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** The target of a link, or undefined if it does not exist. */
export function realPathIfThere(file) {
  try {
    return fs.realpathSync(file);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Makes a link point to a folder, atomically. */
export function pointTo(link, folder) {
  const target = path.relative(path.dirname(link), folder);
  const stat = fs.lstatSync(link, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink() && fs.readlinkSync(link) === target) return;
  const fresh = `${link}.${process.pid}.tmp`;
  remove(fresh);
  fs.symlinkSync(target, fresh, 'dir');
  if (stat && !stat.isSymbolicLink()) remove(link);
  fs.renameSync(fresh, link);
}

/** Removes a file or folder. Retries, because Windows refuses while a virus scanner or a closing process has it open. */
export function remove(target) {
  fs.rmSync(target, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * Fills a new folder by `fill` and renames it into place. So there is always one complete folder, and a failed attempt
 * does not change the last one.
 * @param {string} folder
 * @param {(fresh: string) => void | Promise<void>} fill gets the path of an empty folder
 */
export async function replaceFolder(folder, fill) {
  const beside = path.dirname(folder);
  const unfinished = `.${path.basename(folder)}-`;
  fs.mkdirSync(beside, { recursive: true });
  removeUnfinished(folder);
  const fresh = path.join(beside, `${unfinished}new`);
  const old = path.join(beside, `${unfinished}old`);
  try {
    fs.mkdirSync(fresh);
    await fill(fresh);
  } catch (error) {
    remove(fresh);
    throw error;
  }
  if (fs.existsSync(folder)) rename(folder, old);
  rename(fresh, folder);
  remove(old);
}

/** Removes temporary folders of interrupted replacements. */
export function removeUnfinished(folder) {
  const beside = path.dirname(folder);
  if (!fs.existsSync(beside)) return;
  for (const left of fs.readdirSync(beside))
    if (left.startsWith(`.${path.basename(folder)}-`)) remove(path.join(beside, left));
}

/** Renames with retries: Windows refuses while another process has a file of the folder open. */
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
