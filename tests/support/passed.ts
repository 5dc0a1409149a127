// Which notebooks have passed, and with what they did: none is executed twice without a reason.
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, fingerprint, readIfThere, writeIfChanged } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { readClaimsList } from '../../tools/notebooks/claims.mjs';
import { entryOf, readMap } from '../../tools/notebooks/map.mjs';
import { changedFiles } from './changed-files.mjs';

/** What every notebook's outputs follow from: library, kernel, what executes and compares, and packages. */
const commonFolders = [
  paths.sources,
  paths.kernelSources,
  path.join(paths.root, 'kernel-setup', 'setup'),
  paths.pythonPackage,
  path.join(paths.root, 'tools', 'notebooks'),
];
const commonFiles = [paths.launcher, paths.tsconfig, path.join(paths.root, 'package-lock.json'), paths.venvStamp];
const common = (): string[] => [
  ...commonFolders.flatMap(filesBelow).filter((file) => !file.includes('__pycache__') && !file.endsWith('.md')),
  ...commonFiles,
];

/** Those of the files in a notebook's folder that are its own or everybody's, by their names. */
function namesOf(notebook: string, names: readonly string[]): string[] {
  const stemOf = (name: string) => name.replace(/\.ipynb$/, '.');
  const own = stemOf(path.basename(notebook));
  const others = names.filter((name) => name.endsWith('.ipynb') && stemOf(name) !== own).map(stemOf);
  return names.filter((name) => !name.startsWith('.') && !others.some((other) => name.startsWith(other)));
}

/** A notebook and what lies beside it, but for other notebooks and the files of theirs. */
function filesOf(notebook: string): string[] {
  const folder = path.dirname(notebook);
  return namesOf(notebook, fs.readdirSync(folder))
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

/**
 * Those of `names` whose outputs are what somebody's CI has seen: nothing that they are executed with is changed.
 * @param changed by {@link changedFiles}
 */
export function asCommitted(names: readonly string[], changed: readonly string[] | undefined): string[] {
  const everybodys = ['claims.json', 'map.json'].map((name) => path.join(paths.notebooks, name)).concat(commonFiles);
  const isCommon = (file: string) =>
    everybodys.includes(file) || commonFolders.some((folder) => file.startsWith(`${folder}${path.sep}`));
  if (!changed || changed.some(isCommon)) return [];
  return names.filter((name) => {
    const notebook = path.join(paths.notebooks, name);
    const folder = path.dirname(notebook);
    const there = changed.filter((file) => path.dirname(file) === folder).map((file) => path.basename(file));
    const own = namesOf(notebook, [...fs.readdirSync(folder), ...there]);
    return !there.some((file) => own.includes(file));
  });
}

/**
 * In a clone in which no notebook has been executed yet, all but `part` count as passed, as far as they are as committed: there
 * was a run with `CI` before, which executes all. So a first `npm test` executes the commit's part and what was changed.
 */
export function trustCommitted(
  names: readonly string[],
  part: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
) {
  if (env.CI || env.GRADLAB_ALL || names.some((name) => fs.existsSync(kept(name)))) return;
  for (const name of asCommitted(names, changedFiles()))
    if (!part.includes(name)) writeIfChanged(kept(name), stampOf(name));
}
