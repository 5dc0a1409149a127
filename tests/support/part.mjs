// What a run of the tests takes, and what it leaves to other commits because it takes long. The commits of a branch go by
// turns: with `CI` whatever is left to others is met within ten commits in a row. At home, where somebody waits, a run takes of
// that one kind of several, and a third of its notebooks and pages.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { START_PAGE } from '../../tools/notebooks/map.mjs';
import { findNotebooks } from '../../tools/notebooks/options.mjs';
import { changedFiles } from './changed-files.mjs';

/** Every notebook of the project but the start page, which has no code. */
export const allNotebooks = findNotebooks(paths.notebooks).filter((name) => name !== START_PAGE);

/** @typedef {{ readonly number: number, readonly of: number }} Part one of so many parts, from 0 */

/** So many commits in a row meet everything with `CI`; how many at home, {@link roundAtHome} says. */
export const round = 10;

/**
 * All with `npm test -- --all`, else the part that the variable GRADLAB_PART names, such as 3/10, else that of the commit.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Part}
 */
export function partOf(env = process.env, root = paths.root) {
  if (env.GRADLAB_ALL) return { number: 0, of: 1 };
  const [named, parts] = (env.GRADLAB_PART ?? '').split('/').map(Number);
  if (named > 0 && parts > 0) return { number: (named - 1) % parts, of: parts };
  const of = env.CI ? round : roundAtHome;
  return { number: placeOf(root) % of, of };
}

/** The place of the last commit among those of its branch; in a shallow clone, where nobody can count them, by its hash. */
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

/**
 * Those of `all` that are in a part; at home a third of those that CI has of the same commit.
 * @template T
 * @param {readonly T[]} all
 * @param {number} [first] the part of the first of them, so that lists begin apart
 * @param {Part} [part]
 * @returns {T[]}
 */
export function inPart(all, first = 0, part = ours) {
  const own = wholePart(all, first, part);
  return isAtHome(part) ? own.filter((_, i) => i % thirds === thirdOf(part)) : own;
}

/**
 * Those of `all` that CI has in a part.
 * @template T
 * @param {readonly T[]} all
 * @param {number} first
 * @param {Part} part
 */
function wholePart(all, first, { number, of }) {
  const parts = Math.min(of, round);
  return all.filter((_, i) => (first + i) % parts === number % parts);
}

/**
 * The ways in which notebooks are executed by turns; each begins with another part. Under our kernel that is so in a new clone alone
 * (`trustCommitted` of passed.ts), where what was changed comes beside it.
 */
export const ways = /** @type {const} */ (['stock tslab', 'JupyterLab', 'a page', 'our kernel']);

/** Servers for many. Their environments are 250 MB each: only where `CI` is set, and with --all. */
export const servers = /** @type {const} */ (['hub', 'kernel-gateway', 'enterprise-gateway', 'images']);
/** @param {NodeJS.ProcessEnv} [env] */
export const serversInPart = (env = process.env, part = partOf(env)) =>
  env.CI || env.GRADLAB_ALL ? inPart(servers, 1, part) : [];

/**
 * Test files that take a minute or more, by the part that has them: of each kind some, so that all parts take about the same time.
 * A file that asks {@link inPart} itself runs with every commit, or it would meet the same part each time.
 */
export const longFiles = [
  ['site/copies', 'browser/accessible', 'setup/packages', 'package/consumers', 'jupyter-tools/nbconvert'],
  ['site/files', 'browser/figures', 'setup/doctor', 'kernel-in-page/downloads', 'jupyter-tools/nbdime'],
  ['site/reader', 'browser/interact', 'setup/images', 'package/tools', 'kernel-in-page/conformance-firefox'],
  ['site/controls', 'browser/interactive', 'setup/venv', 'package/release', 'kernel/restart', 'notebooks/breaks'],
  ['kernel-in-page/conformance', 'browser/moves', 'setup/users', 'tuner/system/kills'],
  ['kernel-in-page/stop', 'setup/start', 'jupyter-tools/papermill', 'tuner/system/redis'],
  ['kernel-in-page/kernel', 'browser/predict', 'setup/install', 'package/page', 'setup/node-of-kernel'],
  ['kernel-in-page/same-as-node', 'browser/threads', 'setup/read-only', 'notebooks/runner', 'stretches'],
  ['site/progress', 'browser/widgets', 'setup/other-jupyter', 'package/kernel'],
  ['site/offline', 'site/api', 'setup/npm-test', 'setup/renderer', 'jupyter-tools/voila'],
].map((names) => names.map((name) => `tests/${name}.test.ts`));

/** The files that run the notebooks of a part, the longest first. */
export const longestFiles = ['notebooks/executed', 'browser/notebooks', 'kernel-in-page/notebooks'].map(
  (name) => `tests/${name}.test.ts`,
);

/** At home long files are divided by so many, and so are the notebooks and pages of a part. */
const thirds = 3;
/** The long files by thirds, so that a run at home takes one or two of a part. */
const thirdOfLong = (third) => longFiles.flatMap((names) => names.filter((_, i) => i % thirds === third));

/** Whoever has changed one of these and not committed it gets the kind in any case. */
const ofKernel = ['kernel-setup', 'tests/kernel', 'tests/support'];

/**
 * What a run at home takes by turns: a commit has one of these kinds, by its place as well, and of it what CI takes of the same commit
 * or, where that is divided by notebooks or pages, a third of it. Each takes two to five minutes of one processor. Their number has no
 * factor in common with ten: so each kind meets each part.
 * @type {{ readonly files: readonly string[], readonly ways: readonly (typeof ways)[number][], readonly changed?: readonly string[] }[]}
 */
export const kindsAtHome = [
  { files: ['tests/browser/notebooks.test.ts'], ways: ['JupyterLab'] },
  { files: ['tests/site/pages.test.ts'], ways: ['a page'] },
  { files: thirdOfLong(0), ways: [] },
  { files: ['tests/kernel/conformance/**'], ways: [], changed: ofKernel },
  { files: ['tests/site/accessible.test.ts', 'tests/site/opening.test.ts'], ways: ['a page'] },
  { files: ['tests/kernel-in-page/notebooks.test.ts'], ways: ['a page'] },
  { files: thirdOfLong(1), ways: [] },
  { files: ['tests/kernel/cells/**'], ways: [], changed: ofKernel },
  { files: ['tests/site/site.test.ts'], ways: ['a page'] },
  {
    files: [
      ...['host/**', 'widgets/**', 'around.test.ts', 'builds.test.ts'].map((name) => `tests/kernel/${name}`),
      ...['notebooks/interrupt', 'browser/links', 'browser/editing'].map((name) => `tests/${name}.test.ts`),
    ],
    ways: [],
    changed: ofKernel,
  },
  { files: thirdOfLong(2), ways: [] },
  {
    files: [
      ...['lab/plot/drawn', 'derived/wrong-arguments', 'kernels/vectors', 'kernels/threads', 'training/resume'],
      ...['architecture/layers', 'types/tests', 'types/declarations'],
    ].map((name) => `tests/${name}.test.ts`),
    ways: [],
    changed: ['src', 'tests', 'kernel-setup'],
  },
  { files: [], ways: ['stock tslab', 'our kernel'] },
];

/** So many commits in a row meet everything at home: each kind of each part, and of what it divides each third. */
export const roundAtHome = kindsAtHome.length * round * thirds;
const isAtHome = ({ of }) => of > round;
const thirdOf = ({ number }) => Math.floor(number / (kindsAtHome.length * round)) % thirds;

/** The part of this run. */
export const ours = partOf();

/** The kind whose turn it is; undefined where a run takes all of them. */
const kindOf = (part) => (isAtHome(part) ? kindsAtHome[part.number % kindsAtHome.length] : undefined);

/**
 * The notebooks that this run takes in one of the ways.
 * @param {(typeof ways)[number]} way
 */
export const notebooksInPart = (way, part = ours, notebooks = allNotebooks) =>
  (kindOf(part)?.ways ?? ways).includes(way) ? inPart(notebooks, 2 * ways.indexOf(way), part) : [];

/**
 * The files, or all below a folder, that a run of all tests leaves to other commits.
 * @param {Part} [part]
 * @param {readonly string[]} [changed] paths that are not as they were committed
 */
export function filesLeft(part = ours, changed = changedFiles() ?? []) {
  const long = longFiles.flat();
  const left = long.filter((file) => !wholePart(longFiles, 0, part).flat().includes(file));
  const kind = kindOf(part);
  const isChanged = (folder) => changed.some((file) => file.startsWith(path.join(paths.root, folder, path.sep)));
  const waits = (other) => other !== kind && !other.changed?.some(isChanged);
  const waiting = kind ? kindsAtHome.filter(waits).flatMap(({ files }) => files) : [];
  return [...new Set([...left, ...waiting])];
}

/** Whether tests of our own pages run in Firefox as well, where there is one: with the long file that asks for it. */
export const takesFirefox = (part = ours) => !filesLeft(part, []).some((file) => file.includes('firefox'));

/** What this run takes by turns, for people. */
export function describePart(part = ours) {
  if (part.of === 1) return 'All tests, and every notebook in every way';
  const left = filesLeft(part);
  // With `CI` the others run with every commit.
  const turns = kindOf(part) ? kindsAtHome.flatMap(({ files }) => files) : longFiles.flat();
  const lines = [
    ['long files', turns.filter((file) => !left.includes(file))],
    ...ways.map((way) => [`notebooks, ${way}`, notebooksInPart(way, part)]),
    ['servers', serversInPart(process.env, part)],
  ];
  return [
    `Part ${part.number + 1} of ${part.of} of what takes long, by the commit; npm test -- --all runs everything`,
    ...lines.map(([what, names]) => `  ${what}: ${names.join(', ') || 'none'}`),
  ].join('\n');
}
