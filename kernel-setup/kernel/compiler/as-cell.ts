import { ts } from './typescript';

/**
 * The source without what means nothing in a cell: a first line `#!`, and exports, since all its names are there for later
 * cells. All positions stay: blanks take the place of what goes, and `export … from` becomes an import, a word of the same
 * length.
 */
export function asCell(text: string): string {
  const source = text.replace(/^#!/, '//');
  if (!/\bexport\b/.test(source)) return source;
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest);
  let plain = source;
  const put = (start: number, end: number, text = '') => {
    const blanks = source.slice(start, end).replace(/[^\n]/g, ' ');
    plain = plain.slice(0, start) + text + blanks.slice(text.length) + plain.slice(end);
  };
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    if (ts.isExportAssignment(statement)) {
      const value = statement.expression.getStart(file);
      // An object by itself would be a block.
      put(start, value, source[value] === '{' ? 'await' : '');
    } else if (ts.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier, end } = statement;
      if (moduleSpecifier === undefined) put(start, end);
      else if (exportClause === undefined) put(start, moduleSpecifier.getStart(file), 'import');
      else put(start, start + 'export'.length, 'import');
    } else
      for (const modifier of (ts.canHaveModifiers(statement) && ts.getModifiers(statement)) || [])
        if (modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DefaultKeyword)
          put(modifier.getStart(file), modifier.end);
  }
  return plain;
}
