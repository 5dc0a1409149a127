// Breaks a notebook or the library, executes the cells that the notebook's claims need, and reports whether a claim
// failed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readIfThere } from '../../kernel-setup/setup/files.mjs';
import { findClaims, judgeClaims } from '../notebooks/claims.mjs';
import { executeNotebook } from '../notebooks/execute.mjs';
import { readNotebook } from '../notebooks/notebook-file.mjs';
import { libraryBreaks, sourceOf } from './library.mjs';
import { breaksIn, broken } from './mutations.mjs';
import { importsOf, neededByClaims, staysWhole } from './needed.mjs';

/**
 * Breaks and executes notebooks; writes only into its own folder.
 * @param {{ root: string, entries: object[], timeout: number }} options `root`: the folder of the notebooks,
 *   `entries`: of claims.json, `timeout`: seconds for each cell
 */
export function makeWorkshop({ root, entries, timeout }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'gradlab-breaks-'));
  const known = new Map();
  let runs = 0;

  /**
   * Returns the cells that a notebook's claims need, after checking that they pass unbroken, and the parts of the
   * library that they run.
   */
  const prepared = (name) => {
    if (!known.has(name)) known.set(name, prepare(name));
    return known.get(name);
  };

  async function prepare(name) {
    const file = path.join(root, name);
    const whole = readNotebook(file);
    let why;
    for (const notebook of [neededByClaims(whole), whole]) {
      const ran = await covered(name, notebook);
      why = ran.noticed;
      if (why) continue;
      const loaded = await covered(name, importsOf(whole));
      why = loaded.noticed;
      if (loaded.build === undefined) break;
      const again = await run(name, notebook, {});
      why = again.noticed;
      if (why) break;
      return {
        notebook,
        build: ran.build,
        library: libraryBreaks(ran, loaded),
        values: steady(ran.values, again.values),
      };
    }
    return { lacks: `its claims do not pass unmodified: ${why}` };
  }

  /** The parts of the library that a notebook runs, its measurements, and why it fails, if it does. */
  async function covered(name, notebook) {
    // On a busy machine, a process can be killed before it has reported what it ran.
    for (let left = 3; ; left--) {
      const coverage = path.join(folder, `${runs++}.json`);
      const outcome = await run(name, notebook, { GRADLAB_BREAK_COVERAGE: coverage });
      const ran = readIfThere(coverage);
      if (ran !== undefined) return { ...outcome, ...JSON.parse(ran) };
      if (outcome.noticed) return outcome;
      if (left === 1) return { noticed: '(its process was ended before it said what it ran)' };
    }
  }

  /** `noticed`: why it fails, or undefined; `values`: the measurements of its claims. */
  async function run(name, notebook, env) {
    const preload = path.join(import.meta.dirname, 'preload.cjs');
    const { notebook: fresh, error } = await executeNotebook(notebook, {
      file: path.join(root, name),
      kernel: 'gradlab',
      timeout,
      env: { ...env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(preload)}`.trim() },
    });
    if (error) return { noticed: `(${error.kind}: ${error.message.split('\n')[0].slice(0, 80)})`, values: undefined };
    const own = entries.filter((one) => one.notebook === name && one.settled === 'measured');
    const claims = findClaims(fresh);
    const problems = judgeClaims(claims, own, name).filter(({ message }) => message !== 'is not in claims.json');
    const noticed = problems.length > 0 ? `(${[...new Set(problems.map(({ id }) => id))].join(', ')})` : undefined;
    return { noticed, values: measuredIn(claims) };
  }

  /**
   * Breaks one thing and checks whether a claim detects it.
   * @param {string} name of a notebook below the root
   * @param {'cell' | 'library'} where
   * @param {number} luck selects the break, from 0 up to but without 1
   * @returns {Promise<{ lacks: string } | Broken>} the break; or `lacks`, why none was tried
   */
  async function tryOne(name, where, luck) {
    const { notebook, library, build, values, lacks } = await prepared(name);
    if (lacks) return { lacks };
    if (where === 'library') {
      if (library.length === 0) return { lacks: 'no rule of the library runs' };
      const one = library[Math.floor(luck * library.length)];
      const { file, start, end, text } = one;
      const ran = await run(name, notebook, { GRADLAB_BREAK: JSON.stringify({ file, start, end, text }) });
      return { ...one, ...sourceOf(build, one), ...verdict(ran, values) };
    }
    const all = notebook.cells.flatMap((cell, index) =>
      breaksIn(cell.source, { skips: staysWhole }).map((one) => ({ ...one, index, at: cell.id })),
    );
    if (all.length === 0) return { lacks: 'there is nothing to break' };
    const one = all[Math.floor(luck * all.length)];
    const cells = notebook.cells.map((cell, index) =>
      index === one.index ? { ...cell, source: broken(cell.source, one) } : cell,
    );
    return { ...one, ...verdict(await run(name, { ...notebook, cells }, {}), values) };
  }

  return { tryOne, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * @typedef {{ id: string, name: string, was?: number, is?: number }} Moved
 * @typedef {object} Broken A break and what detects it.
 * @property {undefined} [lacks]
 * @property {string} [noticed] why it fails, undefined if it survived
 * @property {Moved[]} [moved] the measurements that it changes, if it survived
 * @property {string} at
 * @property {number | null | undefined} line
 * @property {string} was
 * @property {string} text
 * @property {string} about
 */

/** The measurements of the claims, by both routes, with every digit. */
const measuredIn = (claims) =>
  claims.flatMap(({ id, parts }) =>
    parts.flatMap(({ name, value, expected }) => [value, expected].map((is) => ({ id, name, is }))),
  );

/**
 * The precision that a sentence can express: four digits. Smaller differences also occur between processors, and no
 * bound may be so fine.
 */
const readable = 1e-4;

/** Measurements, with a mark on those that vary by themselves, such as a time. */
const steady = (values, again) =>
  values.map((one, i) => (hasMoved({ was: one.is, is: again[i]?.is }) ? { ...one, moves: true } : one));

/** Whether a measurement has changed; also if it was missing before, or is not a number now. */
export function hasMoved({ was, is }) {
  if (![was, is].every(Number.isFinite)) return !Object.is(was, is);
  return Math.abs(is - was) > readable * Math.max(Math.abs(was), Math.abs(is));
}

/** Why a break fails, or, if it survived, which measurements it changed. */
function verdict({ noticed, values }, before) {
  if (noticed !== undefined) return { noticed };
  // A break can change their number.
  const moved = values
    .map((one, i) => ({ ...one, was: before[i]?.is }))
    .filter((one, i) => !before[i]?.moves && hasMoved(one));
  moved.push(...before.slice(values.length).map(({ id, name, is }) => ({ id, name, was: is, is: undefined })));
  return { noticed, moved };
}
