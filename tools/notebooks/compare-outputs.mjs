// Comparing the outputs of two executions of one notebook.
import { isDeepStrictEqual } from 'node:util';
import { mergeStreams } from './notebook-file.mjs';

/**
 * The parts that a second execution must reproduce. Excluded are images (but not SVG, which is text), cells tagged
 * `volatile`, and single outputs whose metadata has `{ gradlab: { volatile: true } }` (times, progress).
 */
export function comparableOutputs(cell) {
  if (cell.metadata.tags?.includes('volatile')) return [];
  const lasting = cell.outputs.filter((output) => output.metadata?.gradlab?.volatile !== true);
  return mergeStreams(lasting).map((output) => {
    if (output.output_type === 'stream') return { [output.name]: output.text };
    if (output.output_type === 'error') return { error: `${output.ename}: ${output.evalue}` };
    const isPixels = (type) => type.startsWith('image/') && type !== 'image/svg+xml';
    const data = Object.entries(output.data).filter(([type]) => !isPixels(type));
    return { [output.output_type]: Object.fromEntries(data) };
  });
}

/**
 * Compares the outputs of each code cell, and the state of the widgets.
 * @returns {{ index: number, message: string }[]} the first difference of each cell that differs; `index` counts all cells
 */
export function compareNotebooks(committed, fresh) {
  const differences = [];
  fresh.cells.forEach((cell, index) => {
    if (cell.cell_type !== 'code') return;
    const before = committed.cells[index];
    if (before.execution_count === null && cell.source.trim() !== '') {
      differences.push({
        index,
        message: 'has no committed outputs: it was never run. Try: npm run notebooks -- --update, with its name',
      });
      return;
    }
    const message = firstDifference(comparableOutputs(before), comparableOutputs(cell), 'output ');
    if (message) differences.push({ index, message });
  });
  const widgets = firstDifference(committed.metadata.widgets, fresh.metadata.widgets, 'widgets');
  if (widgets) differences.push({ index: -1, message: widgets });
  return differences;
}

/**
 * Relative tolerance of numbers in figures and claims: they have more digits than are visible, and training amplifies
 * the last one, in which machines and versions of V8 differ. Text must be the same.
 */
const unseen = 1e-3;
/** Smaller numbers are rounding errors. */
const zero = 1e-12;

const looksEqual = (a, b) => Math.abs(a - b) <= Math.max(zero, unseen * Math.max(Math.abs(a), Math.abs(b)));

/** "path: committed …, now …" for the first difference between two JSON values; undefined if they look equal. */
export function firstDifference(committed, fresh, path) {
  if (isDeepStrictEqual(committed, fresh)) return undefined;
  if (typeof committed === 'number' && typeof fresh === 'number' && looksEqual(committed, fresh)) return undefined;
  if (Array.isArray(committed) && Array.isArray(fresh)) {
    const shared = Math.min(committed.length, fresh.length);
    for (let i = 0; i < shared; i++) {
      const found = firstDifference(committed[i], fresh[i], path.endsWith(' ') ? `${path}${i + 1}` : `${path}[${i}]`);
      if (found) return found;
    }
    if (committed.length === fresh.length) return undefined;
    const unit = path.endsWith(' ') ? 'outputs' : `${path}: elements`;
    return `${unit} committed ${committed.length}, now ${fresh.length}`;
  }
  if (isObject(committed) && isObject(fresh)) {
    for (const key of new Set([...Object.keys(committed), ...Object.keys(fresh)])) {
      const found = firstDifference(committed[key], fresh[key], `${path}.${key}`);
      if (found) return found;
    }
    return undefined;
  }
  if (typeof committed === 'string' && typeof fresh === 'string') {
    if (withoutRounding(committed) === withoutRounding(fresh)) return undefined;
    return textDifference(committed, fresh, path);
  }
  return `${path}: committed ${brief(committed)}, now ${brief(fresh)}`;
}

/**
 * Text without rounding errors: the distance of a claim's number from the expected one, and numbers that are only such
 * an error. V8 computes `x ** 2` in one of two ways, depending on how often it has run.
 */
const withoutRounding = (text) =>
  text
    .replace(/,? off by (?:([\d.]+·)?10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[\d.]+(e-\d+)?)/g, '')
    .replace(/[-−]?\b\d(\.\d+)?e-(1[3-9]|[2-9]\d)\b/g, '0')
    .replace(/[-−]?(\b\d(\.\d+)?·|(?<![\d.·]))10⁻(¹[³⁴⁵⁶⁷⁸⁹]|[²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹])/g, '0');

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function textDifference(committed, fresh, path) {
  const [before, now] = [committed.split('\n'), fresh.split('\n')];
  const line = before.findIndex((text, i) => text !== now[i]);
  const at = line < 0 ? before.length : line;
  const where = Math.max(before.length, now.length) > 1 ? ` line ${at + 1}` : '';
  return `${path}${where}: committed ${brief(before[at])}, now ${brief(now[at])}`;
}

function brief(value) {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
