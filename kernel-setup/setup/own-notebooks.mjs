// The notebooks that a learner works with: copies of notebooks/ in a folder that git ignores. What the learner has not changed follows
// the project, as after `git pull`; what was changed stays, and JupyterLab gives it back as it came (gradlab_jupyter/learner.py).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, readJson, remove, toJson, writeAtomically, writeIfChanged } from './files.mjs';

/** What a person or a program leaves in notebooks/ is not copied. */
const isOfNotebooks = (name) =>
  !name.split('/').some((part) => /^[._]|^node_modules$/.test(part)) && !/\/.*\.md$/.test(name);

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('base64');
const readOf = (file) => (fs.existsSync(file) ? fs.readFileSync(file) : undefined);

/**
 * Brings the copies up to date.
 * @returns {{ newer: string[] }} the notebooks that the learner has changed and of which the project has a newer version
 */
export function bringNotebooks({ notebooks, ownNotebooks, ownNotebooksRecord }) {
  /** By its name, the hash of the version that the copy was made from. */
  const record = readJson(ownNotebooksRecord) ?? {};
  // Until now a learner worked in notebooks/ itself: what was changed there is no version of the project's.
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
      // Changed by the learner, or the learner's own by chance.
      if (record[name] !== undefined) next[name] = record[name];
      if (record[name] !== hash && name.endsWith('.ipynb')) newer.push(name);
    }
  }
  // What the project has no more goes, unless the learner has changed it.
  for (const [name, hash] of Object.entries(record)) {
    const file = path.join(ownNotebooks, name);
    const own = name in next ? undefined : readOf(file);
    if (own && hashOf(own) === hash) remove(file);
  }
  writeIfChanged(ownNotebooksRecord, toJson(next));
  return { newer };
}

/** The files of a folder that git sees changed or does not know; none where there is no git. */
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
