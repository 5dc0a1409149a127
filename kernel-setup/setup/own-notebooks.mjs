// A learner's copies of notebooks/, in a folder that git ignores. Unchanged copies follow the project, as after `git pull`.
// Changed ones stay, and JupyterLab can restore the original (gradlab_jupyter/learner.py).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, readJson, remove, toJson, writeAtomically, writeIfChanged } from './files.mjs';

/** Excludes files that users or programs leave in notebooks/. */
const isOfNotebooks = (name) =>
  !name.split('/').some((part) => /^[._]|^node_modules$/.test(part)) && !/\/.*\.md$/.test(name);

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('base64');
const readOf = (file) => (fs.existsSync(file) ? fs.readFileSync(file) : undefined);

/**
 * Updates the copies.
 * @returns {{ newer: string[] }} changed notebooks of which the project has a newer version
 */
export function bringNotebooks({ notebooks, ownNotebooks, ownNotebooksRecord }) {
  /** The hash of each copy's original version, by name. */
  const record = readJson(ownNotebooksRecord) ?? {};
  // Before the first copy, learners worked in notebooks/ itself: changed files there are not the project's versions.
  const changed = fs.existsSync(ownNotebooksRecord) ? new Set() : changedIn(notebooks);
  const next = {};
  const newer = [];
  for (const original of filesBelow(notebooks)) {
    const name = path.relative(notebooks, original).split(path.sep).join('/');
    if (!isOfNotebooks(name)) continue;
    const bytes = fs.readFileSync(original);
    const hash = hashOf(bytes);
    const file = path.join(ownNotebooks, name);
    const own = readOf(file);
    const ownHash = own && hashOf(own);
    if (changed.has(name)) {
      if (own === undefined) copyWhole(bytes, file);
    } else if (ownHash === hash) next[name] = hash;
    else if (own === undefined || ownHash === record[name]) {
      copyWhole(bytes, file);
      next[name] = hash;
    } else {
      // Changed by the learner, or an own file of the same name.
      if (record[name] !== undefined) next[name] = record[name];
      if (record[name] !== hash && name.endsWith('.ipynb')) newer.push(name);
    }
  }
  // Removes copies whose original is gone, unless the learner has changed them.
  for (const [name, hash] of Object.entries(record)) {
    const file = path.join(ownNotebooks, name);
    const own = name in next ? undefined : readOf(file);
    if (own && hashOf(own) === hash) remove(file);
  }
  writeIfChanged(ownNotebooksRecord, toJson(next));
  return { newer };
}

/** Files of a folder that are modified or untracked in git; empty without git. */
function changedIn(folder) {
  const args = ['status', '--porcelain', '-z', '--untracked-files=all', '--', '.'];
  try {
    const [root, text] = [['rev-parse', '--show-prefix'], args].map((given) =>
      execFileSync('git', given, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    );
    const below = root.trim();
    const files = text.split('\0').map((entry) => entry.slice(3));
    return new Set(files.filter((file) => file.startsWith(below)).map((file) => file.slice(below.length)));
  } catch {
    return new Set();
  }
}

function copyWhole(bytes, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, bytes);
}
