// Runs PyTorch's cases: every line of every file in a folder becomes one result, passed or failed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as notes from './notes.mjs';
import { runError, runModule, runOp } from './ops.mjs';
import { run as runOptim } from './optim.mjs';
import * as rng from './rng.mjs';
import { run as runSched } from './sched.mjs';

/** How to run a case of each kind, and the name that selects it. */
const kinds = {
  op: { only: 'ops', run: runOp },
  error: { only: 'errors', run: runError },
  module: { only: 'modules', run: runModule },
  optim: { only: 'optim', run: runOptim },
  sched: { only: 'sched', run: runSched },
};

/** The names that select kinds of cases. */
export const choices = Object.values(kinds).map(({ only }) => only);

/** @typedef {{ file: string, kind: string, op: string, id: string, error?: string }} Result */

/** The text of a file, unpacked if it is compressed. */
export function readText(file) {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/**
 * Runs the cases in a folder of `*.jsonl` or `*.jsonl.gz` files.
 *
 * @param {string} folder
 * @param {{ gradlab: object, api: { find(name: string): unknown } }} subject the library under test, and its
 * declarations
 * @param {{ tier?: number, only?: string[], ops?: string[] }} [choice] skips tiers above `tier`, kinds that are not in
 * `only`, operations that are not in `ops`
 * @returns {Result[]}
 */
export function runFolder(folder, subject, choice = {}) {
  const files = readdirSync(folder).filter((name) => /\.jsonl(\.gz)?$/.test(name));
  if (files.length === 0) throw new Error(`${folder} holds no *.jsonl or *.jsonl.gz file`);
  return files.sort().flatMap((file) =>
    readText(join(folder, file))
      .split('\n')
      .flatMap((line, i) => (line.trim() === '' ? [] : runLine(line, { file, number: i + 1 }, subject, choice))),
  );
}

/**
 * @param {string} line
 * @param {{ file: string, number: number }} place
 * @param {{ gradlab: any, api: object }} subject
 * @param {{ tier?: number, only?: string[], ops?: string[] }} choice
 * @returns {Result[]} one result, or none if the case is not selected
 */
function runLine(line, { file, number }, { gradlab, api }, { tier, only, ops }) {
  let testCase;
  try {
    testCase = JSON.parse(line);
  } catch (error) {
    return [{ file, kind: '?', op: '?', id: `line ${number}`, error: error.message }];
  }
  const { kind = '?', op = '?', id = `line ${number}` } = testCase;
  if ((testCase.tier ?? 1) > (tier ?? Infinity)) return [];
  if (only !== undefined && !only.includes(kinds[kind]?.only)) return [];
  if (ops !== undefined && !ops.includes(op)) return [];
  const error = attempt(() => {
    if (!Object.hasOwn(kinds, kind)) throw new Error(`unknown kind ${kind}`);
    gradlab.manualSeed(0);
    kinds[kind].run(testCase, gradlab, api);
  });
  return [{ file, kind, op, id, error }];
}

/** The message of the thrown error, if any. Silences warnings of the library. */
function attempt(action) {
  const { warn } = console;
  console.warn = () => {};
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  } finally {
    console.warn = warn;
  }
}

/**
 * Runs random numbers against PyTorch's.
 * @returns {Result[]} one result for each expected output
 */
export function runRandom(file, { gradlab }) {
  return [...rng.runAll(JSON.parse(readText(file)), gradlab)].map((r) => ({ file, kind: 'rng', ...r }));
}

/**
 * Runs the notes' programs.
 * @returns {Result[]} one result for each group of values
 */
export function runNotes(file, { gradlab }) {
  return [...notes.runAll(JSON.parse(readText(file)), gradlab)].map((r) => ({ file, kind: 'notes', ...r }));
}

/**
 * A table by file, kind and operation with every failure below its row, and the total on the last line.
 *
 * @param {Result[]} results
 * @returns {string[]}
 */
export function report(results) {
  const rows = new Map();
  for (const result of results) {
    const key = [result.file, result.kind, result.op].join('\t');
    rows.set(key, [...(rows.get(key) ?? []), result]);
  }
  const lines = [];
  for (const [key, group] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const failed = group.filter(({ error }) => error !== undefined);
    const [file, kind, op] = key.split('\t');
    const passed = `${group.length - failed.length}/${group.length}`;
    lines.push(`${file.padEnd(20)} ${kind.padEnd(7)} ${op.padEnd(50)} ${passed.padStart(7)}`);
    for (const { id, error } of failed) lines.push(`  ✗ ${id}: ${firstLine(error)}`);
  }
  for (const key of new Set(results.map((r) => `${r.file}\t${r.kind}`))) {
    const [file, kind] = key.split('\t');
    lines.push(
      subtotal(
        `${file} ${kind}`,
        results.filter((r) => r.file === file && r.kind === kind),
      ),
    );
  }
  lines.push(subtotal('total', results));
  return lines;
}

function subtotal(name, results) {
  const failed = results.filter(({ error }) => error !== undefined).length;
  return `${name}: ${results.length - failed} passed, ${failed} failed`;
}

const firstLine = (text) => text.split('\n')[0].slice(0, 200);
