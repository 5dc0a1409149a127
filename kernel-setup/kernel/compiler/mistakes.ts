// Errors of a cell and of the files that it imports.
import { missingName } from './diagnostics';
import type { CellInProgram } from './emit';
import { hasHint } from './hints';
import { usesInBrackets } from './newer-library';
import { nodeAt } from './node-at';
import { ts } from './typescript';

/** Errors that do not apply to cells. */
const permitted = new Set([
  1202, // `import a = require('m')` is CommonJS syntax; rewrite.ts handles it
  2563, // a cell with thousands of statements, in which types are not narrowed
  5097, // `import './a.ts'`: the file is found
  7016, // a package without types is `any`, also in a strict project
  6059, // `import '../a'`: imports of a cell may be outside its folder
]);

/** The errors of a cell, and the functions it calls that do not exist yet. */
export interface Checked {
  mistakes: readonly ts.Diagnostic[];
  later: ReadonlySet<string>;
}

export function mistakesIn({ cell, file, program, project }: Omit<CellInProgram, 'later'>): Checked {
  const source = project.cellIn(program);
  const imported = [...project.dependenciesOf(source, program)].map((name) => program.getSourceFile(name)!);
  const ofFile = (one: ts.SourceFile) => {
    if (one !== source) return [...program.getSyntacticDiagnostics(one), ...program.getSemanticDiagnostics(one)];
    const typed = cell.unchecked
      ? []
      : [...program.getSemanticDiagnostics(one), ...usesInBrackets(one, program.getTypeChecker())];
    return [...program.getSyntacticDiagnostics(one), ...typed].filter(({ start = 0 }) => start < file.end);
  };
  const sources = imported.filter(
    ({ fileName }) => /\.([cm]?ts|js)$/.test(fileName) && !/\.d\.[cm]?ts$/.test(fileName),
  );
  const all = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...sources.flatMap(ofFile)];
  const errors = all.filter(({ category, code }) => category === ts.DiagnosticCategory.Error && !permitted.has(code));
  const later = cell.unchecked ? new Set<string>() : calledLater(source, errors);
  const isLater = ({ code, file: one, start = 0, length = 0 }: ts.Diagnostic) =>
    code === NO_SUCH_NAME && one === source && later.has(source.text.slice(start, start + length));
  const mistakes = errors.filter((error) => !isLater(error) && !isAskedFor(error));
  return { mistakes: ts.sortAndDeduplicateDiagnostics(mistakes), later };
}

/** Whether a name is only tested for existence: portable code contains `typeof window`. */
function isAskedFor({ code, file, start = 0 }: ts.Diagnostic): boolean {
  if (file === undefined || !missingName.has(code)) return false;
  return ts.isTypeOfExpression(nodeAt(file, start).parent);
}

const NO_SUCH_NAME = 2304;

/**
 * Names that only functions of a cell call, and that no similar declaration exists for. Another cell may declare them
 * before the call, as with two functions that call each other.
 */
function calledLater(source: ts.SourceFile, errors: readonly ts.Diagnostic[]): Set<string> {
  const missing = errors.filter(({ code, file }) => code === NO_SUCH_NAME && file === source);
  const names = new Set(missing.map(({ start = 0, length = 0 }) => source.text.slice(start, start + length)));
  if (names.size === 0) return names;
  const visit = (node: ts.Node, isInside: boolean): void => {
    if (ts.isIdentifier(node) && names.has(node.text)) {
      const { parent } = node;
      const isCalled = isInside && ts.isCallExpression(parent) && parent.expression === node;
      const isName = ts.isPropertyAccessExpression(parent) && parent.name === node;
      if (!isName && (!isCalled || hasHint(node.text))) names.delete(node.text);
    }
    ts.forEachChild(node, (child) => visit(child, isInside || ts.isFunctionLike(node)));
  };
  visit(source, false);
  return names;
}
