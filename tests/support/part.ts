// Which notebooks this run also executes in the ways that take long: under stock tslab, in JupyterLab, and in the static site.
import { execFileSync } from 'node:child_process';
import { START_PAGE } from '../../kernel-setup/runner/map.mjs';
import { findNotebooks } from '../../kernel-setup/runner/options.mjs';
import { paths } from '../../kernel-setup/setup/index.mjs';

/** Every notebook of the project but the start page, which has no code; each run executes all of them under our kernel. */
export const allNotebooks: string[] = findNotebooks(paths.notebooks).filter((name: string) => name !== START_PAGE);

/** Those that take minutes, on a busy machine up to ten. */
export const longNotebooks: string[] = [
  '000-machine-learning/06-fine-detail.ipynb',
  '001-fastai-book/06-the-late-epochs.ipynb',
  '002-gradient-descent/06-fashion-mnist.ipynb',
];

/** So many notebooks, each of three minutes in either way, leave a run of CI within an hour. */
export const mostInPart = 4;

/** The part of the notebooks, at most `most` of them, that a commit's hash chooses; each notebook is in one part. */
export function partFor(hash: string, notebooks: readonly string[], most = mostInPart): string[] {
  const parts = Math.ceil(notebooks.length / most);
  const chosen = Number.parseInt(hash.slice(0, 8), 16) % parts;
  return notebooks.filter((_, i) => i % parts === chosen);
}

/** All notebooks with `npm test -- --all`; of these the commit's part, of at most `most`, where `CI` is set; otherwise none. */
export function notebooksInPart(
  env: NodeJS.ProcessEnv = process.env,
  notebooks = allNotebooks,
  most = mostInPart,
): string[] {
  if (env.GRADLAB_ALL) return notebooks;
  return env.CI ? partFor(commit(), notebooks, most) : [];
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: paths.root, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '0'; // not in a clone
  }
}
