// The runner's steps for one notebook: execute, judge its claims, then compare or update.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeAtomically } from '../../kernel-setup/setup/files.mjs';
import { findClaims, judgeClaims } from './claims.mjs';
import { compareNotebooks } from './compare-outputs.mjs';
import { executeNotebook } from './execute.mjs';
import { showCellError } from './failure.mjs';
import { lackOf } from './needs.mjs';
import { cleanNotebook, notebookText, readNotebook } from './notebook-file.mjs';
import { describePictures, drawMissingPictures, figuresIn, mergeCommitted } from './update.mjs';

/**
 * @typedef {object} Result
 * @property {string} name path below the notebooks' folder, without extension
 * @property {number} seconds
 * @property {object[]} claims what was asserted, see claims.mjs
 * @property {{ kind: 'cell' | 'claim' | 'output' | 'figure' | 'file' | 'stopped', title: string, details?: string }[]} problems
 * @property {string[]} notes what else is worth saying, such as "updated"
 */

/**
 * Longest duration of a notebook with and without training, in seconds on an idle machine: a longer one is reported,
 * but does not fail.
 */
const longTimes = [120, 30];

/**
 * Runs one notebook; never throws for a problem of the notebook.
 * @param name path below `root`, with extension
 * @param options the command line's, plus `claimEntries` and `openFigurePage` (absent without Chromium)
 * @returns {Promise<Result>}
 */
export async function runNotebook(name, options, { onCell, onProgress, signal }) {
  const file = path.join(options.root, name);
  const started = Date.now();
  /** @type {Result} */
  const result = { name: name.replace(/\.ipynb$/, ''), seconds: 0, claims: [], problems: [], notes: [] };
  try {
    const committed = readNotebook(file);
    const fresh = await execute(committed, file, options, { onCell, onProgress, signal, result });
    result.seconds = (Date.now() - started) / 1000;
    const long = longTimes.find((seconds) => result.seconds > seconds);
    if (long) result.notes.push(`took more than ${long} s`);
    const lack = fresh && (await lackOf(options.root, name));
    if (lack) {
      result.notes.push(lack);
      return result;
    }
    if (fresh) judge(fresh, name, options, result);
    if (result.problems.length === 0 && options.check) check(committed, fresh, result);
    if (result.problems.length === 0 && options.update)
      await update(committed, fresh, file, options, { signal, result });
  } catch (error) {
    result.problems.push({ kind: 'file', title: error.message });
  }
  return result;
}

async function execute(committed, file, options, { onCell, onProgress, signal, result }) {
  const codeCells = committed.cells.filter((cell) => cell.cell_type === 'code' && cell.source.trim() !== '');
  const { notebook, error } = await executeNotebook(withoutOutputs(committed), {
    file,
    kernel: options.kernel,
    timeout: options.timeout,
    onCell: (index) => onCell?.(codeCells.indexOf(committed.cells[index]) + 1, codeCells.length),
    onProgress,
    signal,
  });
  if (error) {
    result.problems.push(executionProblem(error, committed, options));
    // claims asserted before the failure still count
    if (notebook) result.claims = findClaims(notebook);
    return undefined;
  }
  return cleanNotebook({ ...notebook, cells: withSources(committed, notebook) });
}

const withoutOutputs = (notebook) => ({
  ...notebook,
  metadata: { ...notebook.metadata, widgets: undefined },
  nbformat_minor: 5,
  cells: notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell,
  ),
});

const withSources = (committed, fresh) =>
  committed.cells.map((cell, index) => ({ ...cell, ...(cell.outputs && { outputs: fresh.cells[index].outputs }) }));

function executionProblem(error, notebook, { timeout, kernel }) {
  const { kind, index, message, traceback } = error;
  const cell = index === null ? undefined : `cell ${index + 1}`;
  if (kind === 'stopped') return { kind, title: 'stopped' };
  if (kind === 'cell') {
    return { kind, title: `${cell} failed`, details: showCellError(error, notebook.cells[index].source) };
  }
  if (kind === 'timeout') {
    return {
      kind: 'cell',
      title: `${cell} ran for more than ${timeout} s`,
      details: 'Try: --timeout with more seconds',
    };
  }
  if (kind === 'died') {
    return { kind: 'cell', title: `the kernel died in ${cell ?? 'no cell yet'}`, details: traceback };
  }
  if (kind === 'kernel') {
    const details = `${traceback}\nTry: npm run doctor, which checks the kernels`.trim();
    return { kind: 'cell', title: `the kernel ${kernel} did not start: ${message}`, details };
  }
  return { kind: 'cell', title: message, details: traceback };
}

function judge(fresh, name, options, result) {
  result.claims = findClaims(fresh);
  for (const { id, index, message } of judgeClaims(result.claims, options.claimEntries, name)) {
    const where = index < 0 ? '' : ` (cell ${index + 1})`;
    result.problems.push({ kind: 'claim', title: `claim ${id} ${message}${where}` });
  }
}

function check(committed, fresh, result) {
  for (const { index, message } of compareNotebooks(committed, fresh)) {
    const where = index < 0 ? 'notebook' : `cell ${index + 1} (${committed.cells[index].id})`;
    result.problems.push({ kind: 'output', title: `${where}: ${message}` });
  }
  if (result.problems.length === 0) result.notes.push('outputs as committed');
  else result.problems.at(-1).details = checkHint(committed);
}

function checkHint({ metadata }) {
  const major = Number(process.versions.node.split('.')[0]);
  const writtenWith = metadata.gradlab?.node;
  if (writtenWith && writtenWith !== major) {
    return `The committed outputs were written under Node ${writtenWith}; this is Node ${major}, whose last digits may differ.`;
  }
  return 'Where the change is meant: npm run notebooks -- --update';
}

async function update(committed, fresh, file, options, { signal, result }) {
  const merged = mergeCommitted(fresh, committed, options);
  let drawn = 0;
  if (options.openFigurePage) {
    const drawing = await drawMissingPictures(merged, options.openFigurePage);
    drawn = drawing.drawn;
    for (const { index, message } of drawing.problems) {
      result.problems.push({ kind: 'figure', title: `figure of cell ${index + 1}: ${message}` });
    }
  } else {
    const missing = figuresIn(merged).filter(({ output }) => !output.data['image/png']).length;
    if (missing > 0) result.notes.push(`${missing} figure${missing > 1 ? 's' : ''} without a PNG (no Chromium)`);
  }
  if (result.problems.length > 0 || signal?.aborted) return;
  describePictures(merged);
  const text = notebookText(withNodeVersion(merged, committed), file);
  if (text === readFileSync(file, 'utf8')) {
    result.notes.push('unchanged');
    return;
  }
  writeAtomically(file, text);
  result.notes.push(drawn > 0 ? `updated, ${drawn} drawn` : 'updated');
}

/** Outputs are the same for the same major version of Node: records which one wrote them, when they changed. */
function withNodeVersion(merged, committed) {
  const node = Number(process.versions.node.split('.')[0]);
  const outputs = (notebook) => JSON.stringify(notebook.cells.map((cell) => cell.outputs));
  const kept = committed.metadata.gradlab?.node;
  const unchanged = kept !== undefined && outputs(merged) === outputs(committed);
  return {
    ...merged,
    metadata: { ...merged.metadata, gradlab: { ...merged.metadata.gradlab, node: unchanged ? kept : node } },
  };
}
