// The file that the compiler reads for a cell: the cell and the declarations of earlier cells that it uses. They are after
// the cell, so that its positions do not change. While the cell is being typed they are before it, because an open bracket or
// quote would swallow them.
import path from 'node:path';
import type { Cell } from './as-cell';
import { declaredNames } from './names';
import { parse } from './parse';
import { ts } from './typescript';

export const CELL = '__cell__.ts';

export const isCell = (file: string): boolean => path.basename(file) === CELL;

/** Lines before a cell in a compiled file. */
export const LINES_BEFORE = 1;

export interface CellFile {
  text: string;
  /** Start and end of the cell in the file. */
  start: number;
  end: number;
  kind: ts.ScriptKind;
  /** Names of earlier cells that its elements need implicitly: the element factories. */
  implied: readonly string[];
}

/** The declarations of earlier cells that a text needs, except its own names. */
type DeclarationsFor = (text: string | undefined, except: readonly string[]) => string;

/**
 * The file of a cell to run: it exports all its names.
 * @param makers names of the element factories
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

/** The file of a cell that is being edited, unchanged. */
export function toRead(source: string, kind: ts.ScriptKind, declarationsFor: DeclarationsFor): CellFile {
  const own = declaredNames(parse(source, kind));
  const before = `export {};\n${declarationsFor(undefined, own)}\n`;
  const start = before.length;
  return { text: before + source, start, end: start + source.length, kind, implied: [] };
}

/** Whether a node is after the cell in its file. Blanks before a node belong to it. */
export const isBehind = (node: ts.Node, { end }: CellFile): boolean => node.end > end;

/** Whether a statement only exports names. */
export const isExport = ts.isExportDeclaration;
