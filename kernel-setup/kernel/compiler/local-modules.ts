import fs from 'node:fs';
import { stampOf } from './disk';
import { ts } from './typescript';

/** A local TypeScript file as CommonJS, with an inline source map. */
export interface LocalModule {
  path: string;
  js: string;
}

/** Compiles the local TypeScript files that cells import, each once for each of its versions. */
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
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      experimentalDecorators: true,
      jsx: ts.JsxEmit.React,
      inlineSourceMap: true,
    },
  }).outputText;
}
