// The declarations that every cell sees: TypeScript's own of ECMAScript, and Node's. They are in 180 files, and for each cell
// the compiler asks after every file and merges what they all declare: so it gets two large ones, and some only when needed.
// They promise only what this engine has.
import path from 'node:path';
import { type Missing, noteMissing, withoutMissing } from './newer-library';
import type { Platform } from './platform';
import { ts } from './typescript';

/** The library of ECMAScript that cells see. */
export const LIBRARY = 'lib.esnext.d.ts';

/**
 * The files of Node's declarations that are read when something imports their modules: a quarter of all, and nothing else
 * refers to them but a table of all modules.
 */
export const late: ReadonlySet<string> = new Set(
  ['cluster', 'http2', 'https', 'inspector.generated', 'repl', 'test', 'zlib'].map((name) => `${name}.d.ts`),
);

/** What refers to all of Node's declarations. */
export const nodeIndex: RegExp = /\/@types\/node\/index\.d\.ts$/;
const ofFetch = /\/undici-types\/(fetch|dispatcher|readable)\.d\.ts$/;
/** The kernel's own: in the sources, or in its package. */
const ofKernel = /\/types\/globals\.d\.ts$/;
const jsonUnknown = /(\bjson\b.*Promise<)unknown>/g;
const reference = /^\/\/\/ *<reference +(path|lib)="([^"]+)" *\/>.*$/gm;
const ofLibrary = /^es(next|\d+)(\.|$)/;
const isModule = /^(import|export)\b/m;
const declaredModule = /^declare module ["']([^"']+)["']/gm;

/** What a file and all that it refers to become. */
interface Merged {
  text: string;
  /** The texts of others: empty, if they have become part of this one. */
  texts: Map<string, string>;
  lateModules: Map<string, string>;
  missing: Missing[];
}

export class Declarations {
  private readonly libraryFolder = path.posix.dirname(ts.getDefaultLibFilePath({}));
  /** The texts of files that are others than on disk: empty if they have become part of another. */
  private readonly texts = new Map<string, string>();
  /** The file of each late module. */
  private readonly lateModules = new Map<string, string>();
  private readonly wanted = new Set<string>();

  constructor(private readonly platform: Platform) {}

  /** Whether a file is one of TypeScript's own declarations. */
  isLibrary(file: string): boolean {
    return file.startsWith(`${this.libraryFolder}/`);
  }

  /**
   * The text of a file, if it is another than on disk.
   * @param merged whether cells see all of ECMAScript: else they see what a project names, as it is on disk
   */
  read(file: string, merged = true): string | undefined {
    if (!merged && this.isLibrary(file)) return undefined;
    const isMerged = file === this.libraryFile(LIBRARY) || nodeIndex.test(file);
    if (isMerged && !this.texts.has(file)) this.take(file);
    if (ofFetch.test(file)) this.texts.set(file, withJson(this.platform.readText(file)));
    if (ofKernel.test(file) && !this.texts.has(file)) this.takeGlobals(file);
    return this.texts.get(file);
  }

  /** The files of those libraries that are there and are no part of ECMAScript, which cells see anyway. */
  filesOf(libraries: Iterable<string>): string[] {
    return [...libraries]
      .filter((name) => !ofLibrary.test(name))
      .map((name) => `lib.${name}.d.ts`)
      .filter((file) => ts.sys.fileExists(this.libraryFile(file)));
  }

  /** The files of late modules that something has imported. */
  get lateFiles(): readonly string[] {
    return [...this.wanted];
  }

  /** The files of all late modules. */
  get allLate(): string[] {
    return [...new Set(this.lateModules.values())];
  }

  /**
   * Notes which late modules are wanted.
   * @param imported the names of the modules that something imports
   * @param any whether a program may ask for any module by its name when it runs
   * @returns whether there are more than before
   */
  want(imported: Iterable<string>, any: boolean): boolean {
    const before = this.wanted.size;
    for (const name of any ? this.lateModules.keys() : imported) {
      const lateFile = this.lateModules.get(name);
      if (lateFile !== undefined) this.wanted.add(lateFile);
    }
    return this.wanted.size > before;
  }

  /** It takes a tenth of a second to merge them: so that is done once, and not whenever a kernel starts. */
  private take(file: string): void {
    const merged = this.platform.kept(file, (readText) => this.merge(file, readText));
    const { text, texts, lateModules, missing } = merged;
    this.texts.set(file, text);
    for (const [other, itsText] of texts) this.texts.set(other, itsText);
    for (const [name, lateFile] of lateModules) this.lateModules.set(name, lateFile);
    noteMissing(missing);
  }

  private takeGlobals(file: string): void {
    const missing: Missing[] = [];
    this.texts.set(file, withoutMissing(file, this.platform.readText(file), missing));
    noteMissing(missing);
  }

  private merge(file: string, readText: Platform['readText']): Merged {
    const kept: string[] = [];
    const texts = new Map<string, string>();
    const lateModules = new Map<string, string>();
    const missing: Missing[] = [];
    const ownText = (one: string) => inLatin1(withJson(withoutMissing(one, readText(one), missing)));

    /** A file's text, in which what it refers to has taken the place of the references; those that must stay are kept. */
    const withReferences = (one: string): string =>
      ownText(one).replace(reference, (line, kind: string, name: string) => {
        const isLibrary = kind === 'lib';
        if (isLibrary && !one.startsWith(this.libraryFolder)) {
          if (!ofLibrary.test(name)) kept.push(line);
          return '';
        }
        const target = isLibrary
          ? this.libraryFile(`lib.${name}.d.ts`)
          : path.posix.join(path.posix.dirname(one), name);
        if (texts.has(target)) return '';
        const text = ownText(target);
        if (late.has(path.posix.basename(target))) {
          for (const [, module] of text.matchAll(declaredModule)) lateModules.set(module, target);
          return '';
        }
        if (isModule.test(text)) {
          kept.push(`/// <reference path="${target}" />`);
          texts.set(target, text);
          return '';
        }
        texts.set(target, '');
        return withReferences(target);
      });

    const text = withReferences(file);
    // Late modules are there by name, for completion. References count only before the first statement.
    const names = [...lateModules.keys()].map((name) => `declare module "${name}" {}`);
    return { text: [...kept, text, ...names].join('\n'), texts, lateModules, missing };
  }

  private libraryFile(name: string): string {
    return `${this.libraryFolder}/${name}`;
  }
}

/** What JSON holds can be used, as that of `JSON.parse`. */
const withJson = (text: string) => text.replace(jsonUnknown, '$1any>');

/**
 * One character that has no place in one byte, such as a dash in a comment, doubles what a text takes in memory. What replaces
 * them still has two bytes for each; what JSON reads has no more than it needs.
 */
function inLatin1(text: string): string {
  if (!/[^\0-\xff]/.test(text)) return text;
  const escaped = text.replace(/[^\0-\xff]/gu, (character) => `&#${character.codePointAt(0)};`);
  return JSON.parse(JSON.stringify(escaped)) as string;
}

/** A text as it was, for documentation. */
export const withAllCharacters = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
