// The position of an error in a cell under stock tslab, whose stacks count the lines of the compiled JavaScript.
import { createRequire, SourceMap } from 'node:module';

const TOP_LEVEL_FRAME = /^\s*at (?:async )?evalmachine\.<anonymous>:(\d+):(\d+)$/gm;

/** The line of the cell's source, counting from 1; undefined if the stack does not contain it. */
export function lineUnderTslab(stack, source) {
  const frames = [...stack.matchAll(TOP_LEVEL_FRAME)].map(([, line, column]) => [Number(line), Number(column)]);
  if (frames.length === 0) return undefined;
  const { lines, map } = compileLikeTslab(source);
  // The outermost frame, missing after an `await`, is the call of the whole cell, on the line after its JavaScript.
  const [outermost] = frames[frames.length - 1];
  if (outermost > lines) frames.pop();
  if (outermost > lines + 1 || frames.length === 0) return undefined;
  const [line, column] = frames[frames.length - 1];
  const entry = map.findEntry(line - 1, column - 1);
  return 'originalLine' in entry ? entry.originalLine + 1 : undefined;
}

/** tslab exports all names of a cell, and the value of its last expression under the name tsLastExpr. */
function compileLikeTslab(source) {
  const { resolve } = createRequire(import.meta.url);
  const ts = createRequire(resolve('tslab'))('@tslab/typescript-for-tslab'); // half a second, only when something failed
  const { statements } = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ESNext, true);
  const last = statements.at(-1);
  const start = last && ts.isExpressionStatement(last) ? last.getStart() : source.length;
  // Between the name and the value tslab inserts the comment above the value, and so one more line.
  const line = ts.getLeadingCommentRanges(source, last?.pos ?? 0) ? 'void 0; ' : '';
  const value = start < source.length ? `${line}export const tsLastExpr = ${source.slice(start)}` : '';
  const exported = `\nexport { ${statements.flatMap((statement) => namesOf(ts, statement)).join(', ')} };`;
  const { outputText, sourceMapText } = ts.transpileModule(source.slice(0, start) + value + exported, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      noImplicitUseStrict: true,
      sourceMap: true,
    },
  });
  return { lines: outputText.split('\n').length, map: new SourceMap(JSON.parse(sourceMapText)) };
}

/** The names of values that a statement declares. */
function namesOf(ts, statement) {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(boundNames);
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings, isTypeOnly } = statement.importClause ?? {};
    if (isTypeOnly) return [];
    const named =
      namedBindings?.elements?.filter((element) => !element.isTypeOnly) ?? (namedBindings ? [namedBindings] : []);
    return [...(name ? [name.text] : []), ...named.map((element) => element.name.text)];
  }
  const declares =
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
  return declares && statement.name ? [statement.name.text] : [];
}

/** `a` of `const a = 1`, and `a`, `b` of `const { a, x: [b] } = …`. */
function boundNames({ name }) {
  if (!name) return []; // a gap, as in `const [, b] = …`
  return name.elements ? name.elements.flatMap(boundNames) : [name.text];
}
