// The file that the compiler reads of a cell. The declarations that it uses of earlier cells stand in it, so that each name is
// found as in any module; behind the cell, where they move no place in it, or before it while it is being typed, when a
// bracket or a quote that is still open would swallow them.
import path from 'node:path';
import type { Cell } from './as-cell';
import { declaredNames } from './names';
import { parse } from './parse';
import { ts } from './typescript';

export const CELL = '__cell__.ts';

export const isCell = (file: string): boolean => path.basename(file) === CELL;

/** So many lines stand before a cell that is compiled. */
export const LINES_BEFORE = 1;

export interface CellFile {
  text: string;
  /** Where the cell itself begins and ends in it. */
  start: number;
  end: number;
  kind: ts.ScriptKind;
  /** Names of earlier cells that its elements need, and that do not stand in it: what makes elements. */
  implied: readonly string[];
}

/** The declarations of earlier cells that a text needs, but for names of its own. */
type DeclarationsFor = (text: string | undefined, except: readonly string[]) => string;

/**
 * A cell that is to run: it exports all its names.
 * @param makers what makes elements
 */
export function toCompile(cell: Cell, declarationsFor: DeclarationsFor, makers: readonly string[]): CellFile {
  const before = `export {};${cell.head}\n`;
  const own = declaredNames(parse(before + cell.text, cell.kind));
  const start = before.length;
  const end = start + cell.text.length;
  const implied = cell.kind === ts.ScriptKind.TSX ? makers.filter((name) => !own.includes(name)) : [];
  const behind = [declarationsFor([cell.text, ...implied].join(' '), own), `export { ${own.join(', ')} };`];
  return { text: [before + cell.text, ...behind].join('\n'), start, end, kind: cell.kind, implied };
}

/** A cell in which somebody types, as it stands. */
export function toRead(source: string, kind: ts.ScriptKind, declarationsFor: DeclarationsFor): CellFile {
  const own = declaredNames(parse(source, kind));
  const before = `export {};\n${declarationsFor(undefined, own)}\n`;
  const start = before.length;
  return { text: before + source, start, end: start + source.length, kind, implied: [] };
}

/** Whether a node of a compiled cell's file is one of those behind the cell. Blanks before a node belong to it. */
export const isBehind = (node: ts.Node, { end }: CellFile): boolean => node.end > end;

/** Whether a statement only exports the names of the cell. */
export const isExport = ts.isExportDeclaration;
