// The declarations that every cell sees: TypeScript's own of ECMAScript, and Node's. They are in 180 files, and for each cell
// the compiler asks after every file and merges what they all declare: so it gets two large ones, and some only when needed.
// They promise only what this engine has.
import path from 'node:path';
import { withoutMissing } from './newer-library';
import type { Platform } from './platform';
import { type BoundFile, ts } from './typescript';

/** The library of ECMAScript that cells see. */
export const LIBRARY = 'lib.esnext.d.ts';

/**
 * The files of Node's declarations that are read when something imports their modules: a quarter of all, and nothing else
 * refers to them but a table of all modules.
 */
export const late: ReadonlySet<string> = new Set(
  ['cluster', 'http2', 'https', 'inspector.generated', 'repl', 'test', 'zlib'].map((name) => `${name}.d.ts`),
);

const nodeIndex = /\/@types\/node\/index\.d\.ts$/;
const ofFetch = /\/undici-types\/(fetch|dispatcher|readable)\.d\.ts$/;
const jsonUnknown = /(\bjson\b.*Promise<)unknown>/g;
const reference = /^\/\/\/ *<reference +(path|lib)="([^"]+)" *\/>.*$/gm;
const ofLibrary = /^es(next|\d+)(\.|$)/;
const isModule = /^(import|export)\b/m;
const declaredModule = /^declare module ["']([^"']+)["']/gm;

export class Declarations {
  private readonly libraryFolder = path.posix.dirname(ts.getDefaultLibFilePath({}));
  /** The texts of files that are others than on disk: empty if they have become part of another. */
  private readonly texts = new Map<string, string>();
  /** The file of each late module. */
  private readonly lateModules = new Map<string, string>();
  private readonly wanted = new Set<string>();
  private readonly seen = new WeakSet<ts.SourceFile>();

  constructor(private readonly platform: Platform) {}

  /** The text of a file, if it is another than on disk. */
  read(file: string): string | undefined {
    const isMerged = file === this.libraryFile(LIBRARY) || nodeIndex.test(file);
    if (isMerged && !this.texts.has(file)) this.texts.set(file, this.merge(file));
    if (ofFetch.test(file)) this.texts.set(file, this.ownText(file));
    return this.texts.get(file);
  }

  /** The files of late modules that something has imported. */
  get lateFiles(): readonly string[] {
    return [...this.wanted];
  }

  /** Notes which late modules a program imports. @returns whether there are more than before */
  want(program: ts.Program): boolean {
    const before = this.wanted.size;
    for (const file of program.getSourceFiles() as readonly BoundFile[]) {
      if (this.seen.has(file) || nodeIndex.test(file.fileName)) continue;
      this.seen.add(file);
      const imported = [...(file.imports ?? []), ...(file.moduleAugmentations ?? [])].map(({ text }) => text);
      const mayWantAny = !file.isDeclarationFile && file.text.includes('getBuiltinModule');
      for (const name of mayWantAny ? this.lateModules.keys() : imported) {
        const lateFile = this.lateModules.get(name);
        if (lateFile !== undefined) this.wanted.add(lateFile);
      }
    }
    return this.wanted.size > before;
  }

  private merge(file: string): string {
    const kept: string[] = [];
    const text = this.withReferences(file, kept);
    // Late modules are there by name, for completion. References count only before the first statement.
    const names = nodeIndex.test(file) ? [...this.lateModules.keys()] : [];
    return [...kept, text, ...names.map((name) => `declare module "${name}" {}`)].join('\n');
  }

  /** A file's text, in which what it refers to has taken the place of the references; those that must stay go to `kept`. */
  private withReferences(file: string, kept: string[]): string {
    return this.ownText(file).replace(reference, (line, kind: string, name: string) => {
      const isLibrary = kind === 'lib';
      if (isLibrary && !file.startsWith(this.libraryFolder)) {
        if (!ofLibrary.test(name)) kept.push(line);
        return '';
      }
      const target = isLibrary ? this.libraryFile(`lib.${name}.d.ts`) : path.posix.join(path.posix.dirname(file), name);
      if (this.texts.has(target)) return '';
      const text = this.ownText(target);
      if (late.has(path.posix.basename(target))) {
        for (const [, module] of text.matchAll(declaredModule)) this.lateModules.set(module, target);
        return '';
      }
      if (isModule.test(text)) {
        kept.push(`/// <reference path="${target}" />`);
        this.texts.set(target, text);
        return '';
      }
      this.texts.set(target, '');
      return this.withReferences(target, kept);
    });
  }

  /** A file's text, without what this Node lacks; what JSON holds can be used, as that of `JSON.parse`. */
  private ownText(file: string): string {
    return withoutMissing(file, this.platform.readText(file)).replace(jsonUnknown, '$1any>');
  }

  private libraryFile(name: string): string {
    return `${this.libraryFolder}/${name}`;
  }
}
