// What is wrong with a cell and with the files that it imports.
import type { CellInProgram } from './emit';
import { usesInBrackets } from './newer-library';
import { ts } from './typescript';

/** Errors that are none in a cell. */
const permitted = new Set([
  1202, // `import a = require('m')` is for CommonJS; rewrite.ts knows what to do with it
  2563, // a cell of thousands of statements: types are not narrowed there
  5097, // `import './a.ts'`: the file is found
  6059, // `import '../a'`: what a cell imports need not be below its folder
]);

export function mistakesIn({ cell, file, program, project }: CellInProgram): readonly ts.Diagnostic[] {
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
  return ts.sortAndDeduplicateDiagnostics(errors);
}
