// Breaks of the library: in the rules that ran while a notebook's claims were measured.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { breaksIn, isRefusal } from './mutations.mjs';

/** Source folders whose rules compute numbers; drawing, displaying and claiming do not. */
const rules =
  /^src\/(autograd|data|func|kernels|nn|ops|optim|random|tensor|training|trees|tuner|lab\/(classic|datasets|lessons|numeric|races|signal-propagation))\//;
/**
 * Excluded from breaks: opcodes, memory and threads, write permissions, and copies; they determine where numbers are
 * stored, not their values.
 */
const machinery =
  /^src\/(kernels\/(wasm|threads|staging|monomorphic|products\/(parts|on-threads))|autograd\/ownership|tensor\/memory)/;

/**
 * The breaks that a notebook's claims could detect.
 * @param {{ build: string, files: { file: string, ranges: [number, number, number][] }[] }} ran the executed parts of
 *   the library, see preload.cjs
 * @param {{ files: { file: string, ranges: [number, number, number][] }[] }} loaded the parts that run when the
 *   library is loaded
 * @returns {(import('./mutations.mjs').Break & { file: string, source: string })[]} `source`: the module that
 *   contains the position
 */
export function libraryBreaks({ build, files }, loaded) {
  return files.flatMap(({ file, ranges }) => {
    const text = readFileSync(path.join(build, file), 'utf8');
    const modules = modulesIn(text);
    const times = timesRun(text.length, ranges);
    const before = timesRun(text.length, loaded.files.find((one) => one.file === file)?.ranges ?? []);
    const sourceAt = (start) => modules.findLast((module) => module.start <= start)?.source ?? '';
    const within = (start) =>
      times[start] > before[start] && rules.test(sourceAt(start)) && !machinery.test(sourceAt(start));
    return breaksIn(text, { within, skips: refuses }).map((one) => ({ ...one, file, source: sourceAt(one.start) }));
  });
}

/**
 * Whether a statement only checks and throws, as `if (d < 0) throw …` and `checkShape(a, 2)` do: a break in it does not
 * change computed numbers.
 */
export function refuses(node) {
  if (ts.isIfStatement(node))
    return node.elseStatement === undefined && endsInThrow(node.thenStatement) && !assigns(node.expression);
  return ts.isExpressionStatement(node) && ts.isCallExpression(node.expression) && isRefusal(node.expression);
}

/** Whether an expression assigns to a variable, as `left-- === 0` does. */
const assigns = (node) =>
  (ts.isBinaryExpression(node) && isAssigning(node.operatorToken.kind)) ||
  ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator)) ||
  ts.forEachChild(node, assigns) === true;

const isAssigning = (kind) => kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

const endsInThrow = (node) =>
  ts.isThrowStatement(node) ||
  (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression) && isRefusal(node.expression)) ||
  (ts.isBlock(node) && node.statements.length > 0 && endsInThrow(node.statements.at(-1)));

/** Returns how often each position of a text ran, by its innermost range. */
function timesRun(length, ranges) {
  const times = new Float64Array(length);
  const widestFirst = ranges.toSorted((a, b) => b[1] - b[0] - (a[1] - a[0]));
  for (const [start, end, count] of widestFirst) times.fill(count, start, end);
  return times;
}

/** The bundler writes the source path above each module. */
const modulesIn = (text) =>
  [...text.matchAll(/^\/\/ (src\/\S+)$/gm)].map((match) => ({ start: match.index, source: match[1] }));

/**
 * Returns the position of a break of the build in the source.
 * @returns {{ at: string, line: number | null, nth: number }} `nth`: the index among the line's equal breaks, from 0
 */
export function sourceOf(build, { file, start, source, was, text }) {
  const built = readFileSync(path.join(build, file), 'utf8');
  const map = new TraceMap(readFileSync(path.join(build, `${file}.map`), 'utf8'));
  const lineOf = (place) => {
    const before = built.slice(0, place).split('\n');
    return originalPositionFor(map, { line: before.length, column: before[before.length - 1].length }).line;
  };
  const line = lineOf(start);
  const from = built.lastIndexOf('\n// src/', start);
  const alike = breaksIn(built.slice(from, start)).filter((one) => one.was === was && one.text === text);
  return { at: source, line, nth: alike.filter((one) => lineOf(from + one.start) === line).length };
}
