// Reads and writes .ipynb files, byte for byte as JupyterLab writes them, so that saving there makes no diff.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { idPrefix, withoutPrefix } from './references.mjs';
import { shortWidgets } from './widget-state.mjs';

/**
 * Reads a notebook; joins text that the format splits into lines, gives cells without an id one that depends only on
 * their source, and strips the {@link idPrefix} of ids.
 * @throws Error describing the problem of the file
 */
export function readNotebook(file) {
  let notebook;
  try {
    notebook = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`there is no notebook ${file}`);
    throw new Error(`${basename(file)} cannot be read as a notebook: ${error.message}`);
  }
  return asRead(notebook, file);
}

/** The same for the content of a file. */
export function asRead(notebook, file) {
  if (notebook.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new Error(
      `${basename(file)} is not a notebook of format 4 (nbformat: ${notebook.nbformat}); save it in JupyterLab`,
    );
  }
  notebook.metadata ??= {};
  notebook.cells = notebook.cells.map(joinCell);
  giveIds(notebook.cells, file);
  return notebook;
}

/**
 * Whether a cell's code is folded below its first line. @param {{ metadata?: { jupyter?: { source_hidden?: boolean } }
 * }} cell
 */
export const isFolded = ({ metadata }) => metadata?.jupyter?.source_hidden === true;

/** Splits a first comment line from a cell's code. @param {string} source @returns {{ says?: string, code: string }} */
export function firstComment(source) {
  const [line, ...rest] = source.split('\n');
  const says = /^\/\/ (.+)$/.exec(line)?.[1];
  return says ? { says, code: rest.join('\n') } : { code: source };
}

function joinCell(cell) {
  const joined = { ...cell, metadata: cell.metadata ?? {}, source: joinLines(cell.source) };
  if (cell.cell_type === 'code') joined.outputs = (cell.outputs ?? []).map(joinOutput);
  return joined;
}

/** An output with its text in one piece. */
function joinOutput(output) {
  if (output.text !== undefined) return { ...output, text: joinLines(output.text) };
  if (output.data === undefined) return output;
  const data = Object.entries(output.data).map(([type, value]) => [type, isJson(type) ? value : joinLines(value)]);
  return { ...output, data: Object.fromEntries(data) };
}

const joinLines = (text) => (Array.isArray(text) ? text.join('') : text);
const isJson = (mimeType) => mimeType === 'application/json' || mimeType.endsWith('+json');

function giveIds(cells, file) {
  const taken = new Set();
  for (const cell of cells) {
    if (cell.id !== undefined) cell.id = withoutPrefix(cell.id, file);
    else {
      const hash = createHash('sha256').update(cell.source).digest('hex').slice(0, 8);
      let id = hash;
      for (let copy = 2; taken.has(id); copy++) id = `${hash}-${copy}`;
      cell.id = id;
    }
    if (taken.has(cell.id)) throw new Error(`two cells have the id ${cell.id}; cell ids must be unique`);
    taken.add(cell.id);
  }
}

const KERNELSPEC = { display_name: 'TypeScript (gradlab)', language: 'typescript', name: 'gradlab' };
const KEPT_METADATA = ['gradlab', 'language_info', 'title', 'widgets'];
const KEPT_CELL_METADATA = ['gradlab', 'jupyter', 'slideshow', 'tags'];

/**
 * The notebook in its committed form: metadata that every run reproduces, always our kernel's name, no timestamps,
 * execution counts 1, 2, 3 in the order of the code cells, and the state of widgets without defaults.
 */
export function cleanNotebook(notebook) {
  let count = 0;
  const cells = notebook.cells.map((cell) => {
    const kept = { cell_type: cell.cell_type, id: cell.id, metadata: pick(cell.metadata, KEPT_CELL_METADATA) };
    if (kept.metadata.tags?.length === 0) delete kept.metadata.tags;
    if (cell.attachments) kept.attachments = cell.attachments;
    kept.source = cell.source;
    if (cell.cell_type !== 'code') return kept;
    kept.execution_count = cell.source.trim() === '' ? null : ++count;
    kept.outputs = mergeStreams(cell.outputs).map((output) =>
      output.output_type === 'execute_result' ? { ...output, execution_count: kept.execution_count } : output,
    );
    return kept;
  });
  /** @type {Record<string, unknown>} */
  const metadata = { ...pick(notebook.metadata, KEPT_METADATA), kernelspec: KERNELSPEC };
  const widgets = shortWidgets(metadata.widgets);
  if (widgets) metadata.widgets = widgets;
  else delete metadata.widgets;
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

const pick = (object, keys) => Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, object[key]]));

/** Joins adjacent pieces of one stream: how a kernel splits its text depends on timing. */
export function mergeStreams(outputs) {
  const merged = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name) {
      merged[merged.length - 1] = { ...last, text: last.text + output.text };
    } else merged.push(output);
  }
  return merged;
}

/** The text of a notebook's file, as Python's nbformat writes it: lines split, keys sorted, one space a level. */
export function notebookText(notebook, file) {
  const prefix = idPrefix(file);
  const cells = notebook.cells.map((cell) => {
    const split = { ...cell, id: prefix + cell.id, source: splitLines(cell.source) };
    if (cell.outputs) split.outputs = cell.outputs.map(splitOutput);
    return split;
  });
  return `${pythonJson({ ...notebook, cells }, '\n')}\n`;
}

function splitOutput(output) {
  if (output.text !== undefined) return { ...output, text: splitLines(output.text) };
  if (output.data === undefined) return output;
  const data = Object.entries(output.data).map(([type, value]) => {
    const isText = typeof value === 'string' && (type.startsWith('text/') || SPLIT_TYPES.includes(type));
    return [type, isText ? splitLines(value) : value];
  });
  return { ...output, data: Object.fromEntries(data) };
}

const SPLIT_TYPES = ['application/javascript', 'image/svg+xml'];

// After each line end of Python's str.splitlines.
// biome-ignore lint/suspicious/noControlCharactersInRegex: some of them are control characters
const AFTER_LINE_END = /(?<=\r\n|\r(?!\n)|[\n\v\f\x1c-\x1e\x85\u2028\u2029])/;
const splitLines = (text) => (text === '' ? [] : text.split(AFTER_LINE_END));

function pythonJson(value, newline) {
  if (typeof value === 'number') return pythonNumber(value);

  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${newline} `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${inner}${value.map((item) => pythonJson(item, inner)).join(`,${inner}`)}${newline}]`;
  }
  const keys = Object.keys(value).sort();
  if (keys.length === 0) return '{}';
  const members = keys.map((key) => `${JSON.stringify(key)}: ${pythonJson(value[key], inner)}`);
  return `{${inner}${members.join(`,${inner}`)}${newline}}`;
}

/** Python uses an exponent below 1e-4, with two digits: 5e-7 is 5e-07. */
function pythonNumber(value) {
  const size = Math.abs(value);
  if (size === 0 || size >= 1e-4) return JSON.stringify(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}
