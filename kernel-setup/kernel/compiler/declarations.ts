// The declarations visible in every cell: TypeScript's library and Node's. They are 180 files, and the compiler would check
// and merge all of them for each cell. So they are merged into two files, and some modules are read only when imported. What
// this engine lacks is left out.
import path from 'node:path';
import { type Missing, noteMissing, withoutMissing } from './newer-library';
import type { Platform } from './platform';
import { ts } from './typescript';

/** The ECMAScript library of cells. */
export const LIBRARY = 'lib.esnext.d.ts';

/**
 * Files of Node's declarations that are read when their modules are imported. They are a quarter of all, and only an
 * index of all modules refers to them.
 */
export const late: ReadonlySet<string> = new Set(
  ['cluster', 'http2', 'https', 'inspector.generated', 'repl', 'test', 'zlib'].map((name) => `${name}.d.ts`),
);

/** The index of Node's declarations. */
export const nodeIndex: RegExp = /\/@types\/node\/index\.d\.ts$/;
const ofFetch = /\/undici-types\/(fetch|dispatcher|readable)\.d\.ts$/;
/** The kernel's own, in the sources or in its package. */
const ofKernel = /\/types\/globals\.d\.ts$/;
const jsonUnknown = /(\bjson\b.*Promise<)unknown>/g;
const reference = /^\/\/\/ *<reference +(path|lib)="([^"]+)" *\/>.*$/gm;
const ofLibrary = /^es(next|\d+)(\.|$)/;
const isModule = /^(import|export)\b/m;
const declaredModule = /^declare module ["']([^"']+)["']/gm;

/** The result of merging a file and its references. */
interface Merged {
  text: string;
  /** New texts of the referenced files: empty if merged into this one. */
  texts: Map<string, string>;
  lateModules: Map<string, string>;
  missing: Missing[];
}

export class Declarations {
  private readonly libraryFolder = path.posix.dirname(ts.getDefaultLibFilePath({}));
  /** Changed texts of files: empty if merged into another one. */
  private readonly texts = new Map<string, string>();
  /** Files of the late modules. */
  private readonly lateModules = new Map<string, string>();
  private readonly wanted = new Set<string>();

  constructor(private readonly platform: Platform) {}

  /** Whether a file is part of TypeScript's library. */
  isLibrary(file: string): boolean {
    return file.startsWith(`${this.libraryFolder}/`);
  }

  /**
   * The changed text of a file, or undefined.
   * @param merged whether cells use all of ECMAScript; otherwise the files that the project names are read unchanged
   */
  read(file: string, merged = true): string | undefined {
    if (!merged && this.isLibrary(file)) return undefined;
    const isMerged = file === this.libraryFile(LIBRARY) || nodeIndex.test(file);
    if (isMerged && !this.texts.has(file)) this.take(file);
    if (ofFetch.test(file)) this.texts.set(file, withJson(this.platform.readText(file)));
    if (ofKernel.test(file) && !this.texts.has(file)) this.takeGlobals(file);
    return this.texts.get(file);
  }

  /** Files of the libraries that exist and are not part of ECMAScript, which cells always have. */
  filesOf(libraries: Iterable<string>): string[] {
    return [...libraries]
      .filter((name) => !ofLibrary.test(name))
      .map((name) => `lib.${name}.d.ts`)
      .filter((file) => ts.sys.fileExists(this.libraryFile(file)));
  }

  /** Files of the late modules imported so far. */
  get lateFiles(): readonly string[] {
    return [...this.wanted];
  }

  /** The files of all late modules. */
  get allLate(): string[] {
    return [...new Set(this.lateModules.values())];
  }

  /**
   * Records imported late modules.
   * @param imported names of imported modules
   * @param any whether the program may load modules by computed names
   * @returns whether there are new ones
   */
  want(imported: Iterable<string>, any: boolean): boolean {
    const before = this.wanted.size;
    for (const name of any ? this.lateModules.keys() : imported) {
      const lateFile = this.lateModules.get(name);
      if (lateFile !== undefined) this.wanted.add(lateFile);
    }
    return this.wanted.size > before;
  }

  /** Merging takes 0.1 s, so the result is cached across kernel starts. */
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

    /** A file's text with its references replaced by their texts, except those that must remain. */
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
    // Late modules are declared without content, for completion. References are valid only before the first statement.
    const names = [...lateModules.keys()].map((name) => `declare module "${name}" {}`);
    return { text: [...kept, text, ...names].join('\n'), texts, lateModules, missing };
  }

  private libraryFile(name: string): string {
    return `${this.libraryFolder}/${name}`;
  }
}

/** JSON modules have the type `any`, like the result of `JSON.parse`. */
const withJson = (text: string) => text.replace(jsonUnknown, '$1any>');

/**
 * Replaces characters outside Latin-1, such as dashes in comments: a single one doubles a string's memory. Strings after
 * a replacement still use two bytes, but those parsed from JSON do not.
 */
function inLatin1(text: string): string {
  if (!/[^\0-\xff]/.test(text)) return text;
  const escaped = text.replace(/[^\0-\xff]/gu, (character) => `&#${character.codePointAt(0)};`);
  return JSON.parse(JSON.stringify(escaped)) as string;
}

/** Restores the characters, for documentation. */
export const withAllCharacters = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
