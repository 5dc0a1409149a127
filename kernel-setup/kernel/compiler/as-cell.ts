import { type DataLiteral, withoutData } from './data';
import { type ParsedFile, parse } from './parse';
import { ts } from './typescript';

/** A cell as the compiler reads it. Lines and columns are those of the source as typed. */
export interface Cell {
  text: string;
  /** Code in the line before the cell. */
  head: string;
  /** Large literals. The text has values of their types instead. */
  data: readonly DataLiteral[];
  /** Modules that it exports as a whole; later cells know their names too. */
  stars: readonly string[];
  /** Whether `// @ts-nocheck` disables type checking. */
  unchecked: boolean;
  /** TSX if it contains elements and is not valid TypeScript. */
  kind: ts.ScriptKind;
  /** The first syntax error; later ones mostly follow from it. */
  syntaxError?: ts.DiagnosticWithLocation;
}

/**
 * Removes what has no meaning in a cell: a first line `#!`, and exports, since later cells see all names. A bare object
 * literal, which would be a block, gets parentheses.
 */
export function asCell(typed: string): Cell {
  const source = typed.replace(/^#!/, '//');
  const cell = cellOf(source, ts.ScriptKind.TS);
  if (cell.syntaxError === undefined || !/<[\w>]/.test(source)) return cell;
  const withElements = cellOf(source, ts.ScriptKind.TSX);
  return withElements.syntaxError === undefined ? withElements : cell;
}

function cellOf(source: string, kind: ts.ScriptKind): Cell {
  const file = parse(source, kind);
  const [syntaxError] = file.parseDiagnostics;
  const { text: own, stars } = withoutExports(source, file);
  const isTypeScript = syntaxError === undefined && kind === ts.ScriptKind.TS;
  const { text, data } = isTypeScript ? withoutData(own, file) : { text: own, data: [] };
  const cell = { text, data, head: '', stars, unchecked: file.checkJsDirective?.enabled === false, kind };
  const asObject = withObject(text, file, kind);
  if (syntaxError === undefined) return { ...cell, ...asObject };
  const isRight = asObject !== undefined && isCorrect(`${asObject.head}\n${asObject.text}`, kind);
  return isRight ? { ...cell, ...asObject } : { ...cell, syntaxError };
}

const isCorrect = (source: string, kind: ts.ScriptKind) => parse(source, kind).parseDiagnostics.length === 0;

/**
 * Puts the object literal at the source's end, or an expression that begins with one, into parentheses; undefined if
 * there is none. As in Node's REPL, what can be read as an object is one: the block would be an error or have the same
 * effect.
 */
function withObject(source: string, file: ParsedFile, kind: ts.ScriptKind): Pick<Cell, 'text' | 'head'> | undefined {
  const { statements } = file;
  for (const block of new Set([statements[0], statements.findLast(ts.isBlock)])) {
    if (block === undefined || !ts.isBlock(block)) continue;
    if (block.statements.length === 0 && block !== statements[0]) continue;
    const { pos } = block;
    const start = block.getStart(file);
    const [, value, end] = /^([\s\S]*?)(;?\s*)$/.exec(source.slice(start))!;
    if (!isExpression(`(${value}\n)`, kind)) continue;
    const closed = `${value}\n)${end}`;
    const before = source.slice(0, pos);
    const between = source.slice(pos, start);
    // The parenthesis goes where it shifts nothing: into the line above, or in place of a space.
    if (between.includes('\n')) return { head: '', text: `${before};(${between}${closed}` };
    if (pos === 0) return { head: ';(', text: between + closed };
    if (/[;}]$/.test(before) && between !== '') return { head: '', text: `${before}(${between.slice(1)}${closed}` };
  }
  return undefined;
}

function isExpression(source: string, kind: ts.ScriptKind): boolean {
  const { statements, parseDiagnostics } = parse(source, kind);
  return parseDiagnostics.length === 0 && statements.length === 1 && ts.isExpressionStatement(statements[0]);
}

/** `export default function () {}`, which declares no name. */
const isNameless = (statement: ts.Statement): statement is ts.FunctionDeclaration | ts.ClassDeclaration =>
  (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
  statement.name === undefined &&
  statement.modifiers?.[1]?.kind === ts.SyntaxKind.DefaultKeyword;

/** Replaces removed text by spaces, and `export … from` by an import, which has the same length. */
function withoutExports(source: string, file: ParsedFile): Pick<Cell, 'text' | 'stars'> {
  let text = source;
  const stars: string[] = [];
  const put = (start: number, end: number, instead = '') => {
    const blanks = source.slice(start, end).replace(/[^\n]/g, ' ');
    text = text.slice(0, start) + instead + blanks.slice(instead.length) + text.slice(end);
  };
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    if (ts.isExportAssignment(statement)) {
      const value = statement.expression.getStart(file);
      // A bare object literal would be a block.
      put(start, value, source[value] === '{' ? 'await' : '');
    } else if (isNameless(statement)) {
      const [exported, byDefault] = statement.modifiers!;
      put(exported.getStart(file), byDefault.end, 'await');
    } else if (ts.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier, end } = statement;
      if (moduleSpecifier === undefined) put(start, end);
      else if (exportClause !== undefined) put(start, start + 'export'.length, 'import');
      else {
        put(start, moduleSpecifier.getStart(file), 'import');
        if (ts.isStringLiteral(moduleSpecifier)) stars.push(moduleSpecifier.text);
      }
    } else
      for (const modifier of (ts.canHaveModifiers(statement) && ts.getModifiers(statement)) || [])
        if (modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DefaultKeyword)
          put(modifier.getStart(file), modifier.end);
  }
  return { text, stars };
}
