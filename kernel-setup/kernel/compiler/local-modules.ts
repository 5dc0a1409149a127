import path from 'node:path';
import { given } from '../given-names';
import { candidates, isTypeScript } from '../local-file';
import type { LocalModule } from '../process-messages';
import { keepRequests, waits } from './awaits';
import type { Platform } from './platform';
import type { Project } from './project';
import { withoutAlias } from './rewrite';
import { emitOptions } from './settings';
import { ts } from './typescript';

const requiredPath = /\brequire\(\s*["'`](\.[^"'`]*)["'`]\s*\)/g;

/** Compiles local files that cells import, once per version. */
export class LocalModules {
  private readonly sent = new Map<string, string>();

  constructor(
    private readonly platform: Platform,
    private readonly project: () => Project,
  ) {}

  /** The files that are new or have changed since the last call. */
  changed(files: readonly string[]): LocalModule[] {
    return files.flatMap((file) => {
      const stamp = this.platform.stampOf(file);
      if (this.sent.get(file) === stamp) return [];
      this.sent.set(file, stamp);
      return [{ path: file, ...compile(file, this.platform, this.project()) }];
    });
  }

  /** Files that a cell loads by `require(…)`, which TypeScript does not resolve. */
  required(cell: string): LocalModule[] {
    const named = [...cell.matchAll(requiredPath)].map(([, id]) => this.sourceOf(id, this.platform.folder));
    return named.flatMap((file) => (file === undefined ? [] : this.changedWith(file)));
  }

  /** A file and its relative imports, directly or not, without type checking. */
  changedWith(file: string): LocalModule[] {
    const found = new Set<string>();
    const visit = (source: string) => {
      if (found.has(source)) return;
      found.add(source);
      for (const { fileName } of ts.preProcessFile(this.platform.readText(source)).importedFiles) {
        const id = this.project().aliased(fileName, source) ?? fileName;
        const imported = this.sourceOf(id, path.dirname(source));
        if (imported !== undefined) visit(imported);
      }
    };
    visit(file);
    return this.changed([...found]);
  }

  /** The TypeScript source of a path. */
  private sourceOf(id: string, folder: string): string | undefined {
    if (!/^\.{1,2}(\/|$)/.test(id)) return undefined;
    const files = candidates(path.resolve(folder, id));
    return files.find((file) => isTypeScript(file) && this.platform.stampOf(file) !== '');
  }

  reset(): void {
    this.sent.clear();
  }
}

function compile(file: string, platform: Platform, project: Project): Omit<LocalModule, 'path'> {
  let isAsync = false;
  const { outputText: js } = ts.transpileModule(platform.readText(file), {
    fileName: file.replace(/\.[cm]([tj]s)$/, '.$1'), // the extension would make it an ES module
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      ...emitOptions(project.settings),
      inlineSourceMap: true,
    },
    transformers: {
      before: [asInCells((specifier) => project.aliased(specifier, file))],
      after: [
        ...platform.rewriters,
        keepRequests,
        () => (output) => {
          isAsync = waits(output);
          return output;
        },
      ],
    },
  });
  return { js, waits: isAsync };
}

/**
 * Gives files `import.meta` and `import()` as in cells: CommonJS lacks the former, and the latter must load what
 * `require` cannot. Replaces path aliases.
 */
const asInCells = (aliased: (specifier: string) => string | undefined) => (context: ts.TransformationContext) => {
  const { factory } = context;
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isImportDeclaration(node))
      return factory.updateImportDeclaration(
        node,
        node.modifiers,
        node.importClause,
        withoutAlias(node.moduleSpecifier, aliased, factory),
        node.attributes,
      );
    if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
      return factory.updateExportDeclaration(
        node,
        node.modifiers,
        node.isTypeOnly,
        node.exportClause,
        withoutAlias(node.moduleSpecifier, aliased, factory),
        node.attributes,
      );
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      return factory.createIdentifier(given.meta);
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isCallExpression(visited) || visited.expression.kind !== ts.SyntaxKind.ImportKeyword) return visited;
    const values = visited.arguments.map((value) => withoutAlias(value, aliased, factory));
    return factory.updateCallExpression(visited, factory.createIdentifier(given.import), undefined, values);
  };
  return (file: ts.SourceFile) => ts.visitEachChild(file, visit, context);
};
