// Which notebooks have passed, and with what they did: none is executed twice without a reason.
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, fingerprint, readIfThere, writeIfChanged } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { readClaimsList } from '../../tools/notebooks/claims.mjs';
import { entryOf, readMap } from '../../tools/notebooks/map.mjs';

/** What every notebook's outputs follow from: library, kernel, what executes and compares, and packages. */
const common = (): string[] => [
  ...[paths.sources, paths.kernelSources, path.join(paths.root, 'kernel-setup', 'setup'), paths.pythonPackage]
    .concat(path.join(paths.root, 'tools', 'notebooks'))
    .flatMap(filesBelow)
    .filter((file) => !file.includes('__pycache__')),
  ...[paths.launcher, paths.tsconfig, path.join(paths.root, 'package-lock.json'), paths.venvStamp],
];

/** A notebook and what lies beside it, but for other notebooks and the files of theirs. */
function filesOf(notebook: string): string[] {
  const stemOf = (name: string) => name.replace(/\.ipynb$/, '.');
  const folder = path.dirname(notebook);
  const names = fs.readdirSync(folder);
  const own = stemOf(path.basename(notebook));
  const others = names.filter((name) => name.endsWith('.ipynb') && stemOf(name) !== own).map(stemOf);
  return names
    .filter((name) => !name.startsWith('.') && !others.some((other) => name.startsWith(other)))
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile());
}

/** What a notebook (a path below `root`) is executed with, as a text that changes with it. */
export function stampOf(name: string, root = paths.notebooks, everybodys = common()): string {
  const { entries } = readClaimsList(path.join(root, 'claims.json'));
  const claims = entries.filter((entry: { notebook?: string }) => entry.notebook === name);
  const { needs } = entryOf(readMap(root), name) ?? {};
  const variables = Object.entries(process.env).filter(([variable]) => /^GRADLAB_(FMA|WASM|THREADS)$/.test(variable));
  return [
    process.version,
    fingerprint(paths.root, everybodys),
    fingerprint(root, filesOf(path.join(root, name))),
    JSON.stringify([claims, needs, variables]),
  ].join('\n');
}

const kept = (name: string) => path.join(paths.state, 'passed', `${name}.txt`);

/** Whether it has passed with all that it has now. With `npm test -- --all` nothing counts as passed. */
export const hasPassed = (name: string, env: NodeJS.ProcessEnv = process.env): boolean =>
  !env.GRADLAB_ALL && readIfThere(kept(name)) === stampOf(name);

/** Runs it, and remembers that it passed, unless something of it changed meanwhile. */
export async function once(name: string, execute: () => Promise<void>): Promise<void> {
  const before = stampOf(name);
  await execute();
  if (stampOf(name) === before) writeIfChanged(kept(name), before);
}
