import fs from 'node:fs';
import { given } from '../given-names';
import { stampOf } from './disk';
import { ts } from './typescript';

/** A local file as CommonJS, with an inline source map. */
export interface LocalModule {
  path: string;
  js: string;
}

/** Compiles the local files that cells import, each once for each of its versions. */
export class LocalModules {
  private readonly sent = new Map<string, string>();

  /** Those of `files` that are new or have changed since they were last asked for. */
  changed(files: readonly string[]): LocalModule[] {
    return files.flatMap((file) => {
      const stamp = stampOf(file);
      if (this.sent.get(file) === stamp) return [];
      this.sent.set(file, stamp);
      return [{ path: file, js: compile(file) }];
    });
  }

  reset(): void {
    this.sent.clear();
  }
}

function compile(file: string): string {
  return ts.transpileModule(fs.readFileSync(file, 'utf8'), {
    fileName: file.replace(/\.m([tj]s)$/, '.$1'), // the name would ask for an ES module
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      experimentalDecorators: true,
      jsx: ts.JsxEmit.React,
      inlineSourceMap: true,
    },
    transformers: { before: [asInCells] },
  }).outputText;
}

/** `import.meta` and `import()` as in cells: CommonJS lacks the one, and the other must load what `require` cannot. */
function asInCells(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      return factory.createIdentifier(given.meta);
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isCallExpression(visited) || visited.expression.kind !== ts.SyntaxKind.ImportKeyword) return visited;
    return factory.updateCallExpression(visited, factory.createIdentifier(given.import), undefined, visited.arguments);
  };
  return (file) => ts.visitEachChild(file, visit, context);
}
