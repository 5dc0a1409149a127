import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Other Node versions of this machine: those in the variable `GRADLAB_NODES`, separated as in `PATH`, and those of nvm
 * and fnm.
 */
export function otherNodes(env: NodeJS.ProcessEnv = process.env): string[] {
  const below = (folder: string, rest: string) =>
    fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name, rest)) : [];
  const home = os.homedir();
  const found = [
    ...(env.GRADLAB_NODES ?? '').split(path.delimiter).filter(Boolean),
    ...below(path.join(env.NVM_DIR ?? path.join(home, '.nvm'), 'versions', 'node'), 'bin/node'),
    ...below(path.join(home, '.local/share/fnm/node-versions'), 'installation/bin/node'),
  ];
  return found.filter((node) => fs.existsSync(node) && fs.realpathSync(node) !== process.execPath);
}

/**
 * A fake Node of another version: it rejects all flags, as Node 22 rejects one of Node 20's, and reports `version` if
 * given.
 */
export function standInNode(folder: string, { version }: { version?: string } = {}): string {
  const file = path.join(folder, `node-${version ?? 'of-another-day'}`);
  const old = path.join(folder, `version-${version}.cjs`);
  if (version !== undefined)
    fs.writeFileSync(old, `Object.defineProperty(process.versions, 'node', { value: '${version}' });\n`);
  const given = version === undefined ? '' : `--require ${old} `;
  const refusing =
    'for a in "$@"; do case "$a" in --*=*) echo "$0: bad option: $a" >&2; exit 9;; -*) ;; *) break;; esac; done';
  fs.writeFileSync(file, `#!/bin/sh\n${refusing}\nexec ${process.execPath} ${given}"$@"\n`, { mode: 0o755 });
  return file;
}
