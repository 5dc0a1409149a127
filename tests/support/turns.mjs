// The long tests, and how many commits with `CI` share them. The commits of a branch take turns: as many consecutive
// commits as a row says run all of it. At home a long file runs only if a change reaches it (reached.mjs).
import { execFileSync } from 'node:child_process';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { START_PAGE } from '../../tools/notebooks/map.mjs';
import { findNotebooks } from '../../tools/notebooks/options.mjs';

/**
 * @typedef {object} Long
 * @property {string} what
 * @property {readonly string[]} [files] without `tests/` and `.test.ts`; `kernel/` is a folder. Without it, test files
 * call {@link takenOf}
 * @property {number} turns how many commits share it; with 1 every commit runs all of it
 * @property {number} [first] the turn of its first entry, so that all turns take about as long. Default: 0
 * @property {string} why
 */

/** @satisfies {readonly Long[]} */
export const long = /** @type {const} */ ([
  {
    what: 'pages',
    files: [
      ...[
        'site/copies',
        'site/files',
        'site/reader',
        'site/controls',
        'kernel-in-page/conformance',
        'kernel-in-page/stop',
      ],
      ...['kernel-in-page/kernel', 'kernel-in-page/same-as-node', 'page/progress', 'site/offline'],
    ],
    turns: 10,
    why: 'one to two minutes each in a browser',
  },
  {
    what: 'JupyterLab',
    files: [
      ...['browser/accessible', 'browser/figures', 'browser/interact', 'browser/interactive', 'browser/moves'],
      ...['browser/predict', 'browser/threads', 'browser/widgets'],
    ],
    turns: 10,
    why: 'each starts JupyterLab and a browser',
  },
  {
    what: 'set-up',
    files: [
      ...[
        'setup/packages',
        'setup/doctor',
        'setup/images',
        'setup/venv',
        'setup/users',
        'setup/start',
        'setup/install',
      ],
      ...['setup/read-only', 'setup/other-jupyter', 'setup/npm-test', 'setup/node-of-kernel', 'page/renderer'],
    ],
    turns: 10,
    why: 'each sets a project up',
  },
  {
    what: 'packages and tools',
    files: [
      ...[
        'package/consumers',
        'kernel-in-page/downloads',
        'package/tools',
        'package/release',
        'jupyter-tools/nbconvert',
      ],
      ...['jupyter-tools/papermill', 'package/page', 'jupyter-tools/nbdime', 'package/kernel', 'jupyter-tools/voila'],
    ],
    turns: 10,
    why: 'each packs and installs, or downloads',
  },
  {
    what: 'processes',
    files: [
      ...['kernel/restart', 'notebooks/breaks', 'tuner/system/kills', 'tuner/system/redis', 'site/api'],
      ...['notebooks/runner', 'stretches'],
    ],
    turns: 10,
    first: 3,
    why: 'each starts and ends many processes',
  },
  {
    what: 'Firefox',
    files: ['kernel-in-page/conformance-firefox'],
    turns: 10,
    first: 2,
    why: 'it takes minutes; our pages run in Firefox as well then',
  },
  { what: 'servers', turns: 10, first: 1, why: 'environments of 250 MB each' },
  { what: 'notebooks, stock tslab', turns: 10, why: 'half a minute each' },
  { what: 'notebooks, JupyterLab', turns: 10, first: 2, why: 'a minute each' },
  { what: 'notebooks, a page', turns: 10, first: 4, why: 'half a minute each' },
  { what: 'pages of the site, figures', turns: 10, why: 'each is looked at in several widths and colours' },
  {
    what: 'kernels, browsers, notebooks',
    files: [
      ...['browser/', 'kernel/cells/', 'kernel/compiler/', 'kernel/conformance/', 'kernel/host/', 'kernel/widgets/'],
      ...['kernel/around', 'kernel/builds', 'kernel-in-page/', 'notebooks/executed', 'notebooks/interrupt'],
      ...['notebooks/recordings', 'page/descent', 'page/played-maps', 'site/'],
    ],
    turns: 1,
    why: 'ten minutes of two cores and more',
  },
  {
    what: 'exhaustive tests of the library',
    files: [
      ...['architecture/layers', 'derived/wrong-arguments', 'kernels/pooling', 'kernels/threads', 'kernels/vectors'],
      ...['lab/plot/drawn', 'random/kernels', 'training/resume', 'tuner/optuna', 'types/declarations', 'types/tests'],
    ],
    turns: 1,
    why: 'half a minute to two minutes each',
  },
]);

/** Every notebook of the project except the start page, which has no code. */
export const allNotebooks = findNotebooks(paths.notebooks).filter((name) => name !== START_PAGE);

/** The pattern by which vitest excludes, or runs, an entry of {@link Long.files}. */
const pattern = (name) => (name.endsWith('/') ? `tests/${name}**` : `tests/${name}.test.ts`);

/** @param {{ turns: number, files?: readonly string[] }} row @param {string} file */
const isIn = ({ files = [] }, file) =>
  files.some((name) => (name.endsWith('/') ? file.startsWith(`tests/${name}`) : file === pattern(name)));

/** Whether a test file, from the project's folder, is a long one. */
export const isLong = (file) => long.some((row) => isIn(row, file));
/** Whether it waits for its turn with `CI`. */
export const takesTurns = (file) => long.some((row) => row.turns > 1 && isIn(row, file));

/**
 * The turn of this run, from 0; null with `npm test -- --all`, which runs everything. The variable GRADLAB_PART names
 * one, such as 3/10; else it is the position of the commit in its branch.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function turnOf(env = process.env, root = paths.root) {
  if (env.GRADLAB_ALL) return null;
  const named = Number((env.GRADLAB_PART ?? '').split('/')[0]);
  return named > 0 ? named - 1 : placeOf(root);
}

/**
 * Whether this is a local run, which includes only what a change reaches.
 * @param {NodeJS.ProcessEnv} [env]
 */
export const isAtHome = (env = process.env) => !(env.CI || env.GRADLAB_ALL || env.GRADLAB_PART);

/**
 * The position of the last commit among those of its branch; in a shallow clone, which lacks the others, a number from
 * its hash.
 */
function placeOf(root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    return git('rev-parse', '--is-shallow-repository') === 'true'
      ? Number.parseInt(git('rev-parse', 'HEAD').slice(0, 8), 16)
      : Number(git('rev-list', '--count', '--first-parent', 'HEAD'));
  } catch {
    return 0; // not in a clone
  }
}

export const ours = turnOf();

/** @param {Long} row @param {readonly T[]} all @template T @returns {T[]} */
const shareOf = ({ turns, first = 0 }, all, turn) =>
  turn === null ? [...all] : all.filter((_, i) => (first + i) % turns === turn % turns);

/**
 * The elements of `all` that a run includes.
 * @template T
 * @param {(typeof long)[number]['what']} what
 * @param {readonly T[]} all
 * @param {number | null} [turn]
 * @returns {T[]}
 */
export function takenOf(what, all, turn = ours) {
  return shareOf(/** @type {Long} */ (long.find((row) => row.what === what)), all, turn);
}

/** @param {'stock tslab' | 'JupyterLab' | 'a page'} way */
export const notebooksTaken = (way, turn = ours) => takenOf(`notebooks, ${way}`, allNotebooks, turn);

/** Multi-user servers: only with `CI`, and with --all. */
export const servers = /** @type {const} */ (['hub', 'kernel-gateway', 'enterprise-gateway', 'images']);
/** @param {NodeJS.ProcessEnv} [env] */
export const serversTaken = (env = process.env, turn = turnOf(env)) =>
  env.CI || env.GRADLAB_ALL ? takenOf('servers', servers, turn) : [];

/** The long files that wait for another turn. */
export const filesLeft = (turn = ours) =>
  long.flatMap((/** @type {Long} */ row) => {
    const { files = [] } = row;
    const taken = shareOf(row, files, turn);
    return files.filter((name) => !taken.includes(name)).map(pattern);
  });

/** Whether tests of our own pages run in Firefox as well, if it is installed. */
export const takesFirefox = (turn = ours) => takenOf('Firefox', ['Firefox'], turn).length > 0;
