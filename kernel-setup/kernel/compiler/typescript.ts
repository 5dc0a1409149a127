// The compiler: TypeScript 5.9, some of whose internals tslab's converter and this folder need. They are exported at run
// time but not declared.
import ts = require('typescript');

/** What is used of the compiler beyond its declarations. */
interface Internals {
  nullTransformationContext: ts.TransformationContext;
  sortAndDeduplicateDiagnostics(diagnostics: readonly ts.Diagnostic[]): ts.SortedReadonlyArray<ts.Diagnostic>;
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  getContainerNode(node: ts.Node): ts.Declaration | undefined;
  createTextSpanFromNode(node: ts.Node, file: ts.SourceFile): ts.TextSpan;
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  skipOuterExpressions(node: ts.Expression, kinds: ts.OuterExpressionKinds): ts.Expression;
  SymbolDisplay: {
    getSymbolKind(checker: ts.TypeChecker, symbol: ts.Symbol, location: ts.Node): ts.ScriptElementKind;
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      enclosing: ts.Node | undefined,
      location: ts.Node,
    ): {
      symbolKind: ts.ScriptElementKind;
      displayParts: ts.SymbolDisplayPart[];
      documentation: ts.SymbolDisplayPart[];
      tags: ts.JSDocTagInfo[] | undefined;
    };
  };
  Completions: { getCompletionsAtPosition(...args: unknown[]): ts.CompletionInfo | undefined };
}

/** What the binder has put on a file. */
export interface BoundFile extends ts.SourceFile {
  /** The names declared at the top level. */
  locals?: Map<ts.__String, ts.Symbol>;
  imports?: readonly ts.StringLiteralLike[];
  /** The names of the modules that it adds to. */
  moduleAugmentations?: readonly { text: string }[];
}

const needed = [
  'nullTransformationContext',
  'sortAndDeduplicateDiagnostics',
  'getTouchingPropertyName',
  'getContainerNode',
  'createTextSpanFromNode',
  'bindSourceFile',
  'skipOuterExpressions',
  'SymbolDisplay',
  'Completions',
] as const satisfies readonly (keyof Internals)[];

/** @throws if this is not the compiler that the kernel was written for. */
export function checkCompiler(compiler: object = ts): void {
  const missing = needed.filter((name) => !(name in compiler));
  if (missing.length > 0)
    throw new Error(
      `The kernel needs TypeScript 5.9.3, whose inner functions it uses; this one (${ts.version}) has no ${missing.join(', ')}. ` +
        'Run `npm ci` to install the version in package-lock.json.',
    );
}

checkCompiler();

export const internals = ts as unknown as Internals;
export { ts };
