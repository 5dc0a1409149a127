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

/** Compiles the local files that cells import, each once for each of its versions. */
export class LocalModules {
  private readonly sent = new Map<string, string>();

  constructor(
    private readonly platform: Platform,
    private readonly project: () => Project,
  ) {}

  /** Those of `files` that are new or have changed since they were last asked for. */
  changed(files: readonly string[]): LocalModule[] {
    return files.flatMap((file) => {
      const stamp = this.platform.stampOf(file);
      if (this.sent.get(file) === stamp) return [];
      this.sent.set(file, stamp);
      return [{ path: file, ...compile(file, this.platform, this.project()) }];
    });
  }

  /** Those that a cell names in `require(…)`, which says nothing to the compiler. */
  required(cell: string): LocalModule[] {
    const named = [...cell.matchAll(requiredPath)].map(([, id]) => this.sourceOf(id, this.platform.folder));
    return named.flatMap((file) => (file === undefined ? [] : this.changedWith(file)));
  }

  /** A file and those that it imports by their paths, directly or not, without a look at their types. */
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

  /** The source in TypeScript that a path means. */
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
    fileName: file.replace(/\.[cm]([tj]s)$/, '.$1'), // the name would ask for an ES module
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
 * `import.meta` and `import()` as in cells: CommonJS lacks the one, and the other must load what `require` cannot. Aliases become
 * paths.
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
