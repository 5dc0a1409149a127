// Earlier cells as a cell sees them. A variable keeps the type that it had when its cell ran, because its value has that
// type. Types, functions and classes have their current meaning: if a cell redeclares an interface, this applies to the
// functions of all cells.
import path from 'node:path';
import { lastResult } from '../given-names';
import type { DeclaredName } from './emit';
import { declaredNames } from './names';
import type { CellMemory } from './types';
import { ts } from './typescript';

interface KnownName extends Omit<DeclaredName, 'name'> {
  /** The virtual file that declares it, without extension. */
  file: string;
}

/** A cell that has run. */
interface CellFile {
  file: string;
  extension: string;
  /** Its declarations. */
  text: string;
  /** Its source. */
  source: string;
  /** Declarations after them: exports of other modules, and the last result. */
  rest: string;
  own: ReadonlySet<string>;
  /** Its subclasses, each with the name of the base class. */
  subclasses: readonly (readonly [string, string])[];
  uses: CellMemory['uses'];
  /** Names of other cells that it uses, each with the file that declared it when it ran. */
  needs: ReadonlyMap<string, string>;
  /** Its declarations one by one and by name, made on request. */
  statements?: readonly Declaring[];
  texts?: ReadonlyMap<string, string>;
}

/** Maximum length of declarations in one file. A longer cell is split, so that later cells read only what they use. */
const longestFile = 4000;

const identifiers = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

export class EarlierCells {
  private readonly known = new Map<string, KnownName>();
  /** By name, the file of the cell that assigned its value. */
  private readonly givers = new Map<string, string>();
  private readonly files = new Map<string, CellFile>();
  /** For a split cell, the file of each name. */
  private readonly parts = new Map<string, ReadonlyMap<string, string>>();
  /** Cells that add to global types; every later cell imports them. */
  private readonly global: string[] = [];
  /** Virtual files of modules that only cells declare, by their texts. */
  private readonly moduleFiles = new Map<string, string>();
  /** Labels of cells by virtual file. */
  private readonly labels = new Map<string, string>();
  /** Files written so far with a cell's declarations in current types. */
  private readonly ofNow = new Set<string>();
  /** Whether the meaning of a name has changed. */
  private readonly changed = new Map<string, boolean>();
  /** Whether any name has been redeclared differently. */
  private hasParted = false;
  private count = 0;

  constructor(
    private readonly folder: string,
    private readonly virtualFiles: Map<string, string>,
  ) {}

  names(): Iterable<string> {
    return this.known.keys();
  }

  has(name: string): boolean {
    return this.known.has(name);
  }

  /** The source of a name's declaration. */
  sourceOf(name: string): string | undefined {
    const file = this.givers.get(name) ?? this.known.get(name)?.file;
    const cell = file === undefined ? undefined : this.files.get(file);
    if (cell === undefined) return undefined;
    const codes = declaringIn('cell.ts', cell.source).filter(({ names }) => names.includes(name));
    return codes.map(({ text }) => text).join('\n\n') || undefined;
  }

  /** Whether a cell has only declared a name with `declare`. */
  isAmbient(name: string): boolean {
    return this.known.get(name)?.isAmbient ?? false;
  }

  /** The label of the cell of a virtual file without extension. */
  labelOf(file: string): string | undefined {
    return this.labels.get(file);
  }

  /** Whether a later cell has redeclared a type of an earlier cell's virtual file, and mentions that member. */
  hasGained(file: string, name: string, member: string): boolean {
    const known = this.known.get(name);
    // A name imported from a package is not a redeclaration.
    if (known === undefined || known.file === file.replace(ofPart, '') || !this.labels.has(file)) return false;
    return this.files.get(known.file)?.text.match(identifiers)?.includes(member) ?? false;
  }

  /** Labels of the cells that declare a name now, and that last declared it with that member. */
  replacedWith(name: string, member: string): { now: string; before: string } | undefined {
    const now = this.known.get(name)?.file;
    const before = [...this.files.values()].findLast(
      (cell) => cell.file !== now && cell.own.has(name) && textOf(name, cell).match(identifiers)?.includes(member),
    );
    if (now === undefined || before === undefined) return undefined;
    return { now: this.labels.get(now)!, before: this.labels.get(before.file)! };
  }

  /**
   * Labels of the cells whose functions use a redeclared name.
   * @param own names redeclared with it: their old functions are no longer used
   */
  keptBy(name: string, own: ReadonlySet<string>): string[] {
    const keepers = [...this.files.values()].filter(({ file, own: theirs, uses }) => {
      const isInUse = (user: string) => !own.has(user) && this.givers.get(user) === file;
      return theirs.has(name) && [...uses].some(([user, names]) => names.includes(name) && isInUse(user));
    });
    return keepers.map(({ file }) => this.labels.get(file)!);
  }

  /** Subclasses in other cells of a class that these declarations change. */
  subclassesOf(name: string, declarations: string): { name: string; label: string }[] {
    const before = this.files.get(this.known.get(name)?.file ?? '');
    if (before === undefined) return [];
    const found = [...this.files.values()].flatMap(({ file, subclasses, own, needs }) => {
      const hadIt = (own.has(name) ? file : needs.get(name)) === before.file;
      const now = subclasses.filter(([subclass, base]) => base === name && this.known.get(subclass)?.file === file);
      return hadIt ? now.map(([subclass]) => ({ name: subclass, label: this.labels.get(file)! })) : [];
    });
    if (found.length === 0) return [];
    const own = declaringIn('cell.d.ts', declarations);
    const isSame = (textsByName(own).get(name) ?? '') === textOf(name, before);
    return isSame ? [] : found.filter((one) => !own.some(({ names }) => names.includes(one.name)));
  }

  /** The declarations that `text` needs; without a text, all. One line per name, so that the compiler has little to read. */
  declarationsFor(text?: string, except: Iterable<string> = []): string {
    return [...this.global.map((file) => `import "./${file}";`), ...this.linesFor(text, except)].join('\n');
  }

  private linesFor(text: string | undefined, except: Iterable<string>): string[] {
    const own = new Set(except);
    const lines: string[] = [];
    for (const name of text === undefined ? this.known.keys() : new Set(text.match(identifiers))) {
      const known = own.has(name) ? undefined : this.known.get(name);
      if (known === undefined) continue;
      const { file, kind, documentation, isOfNow } = known;
      const from = this.fileWith(name, isOfNow && this.hasChanged(file, name) ? this.asOfNow(file) : file);
      if (kind === 'import') lines.push(importOf(name, from));
      else {
        if (documentation !== '') lines.push(comment(documentation));
        lines.push(`declare ${kind} ${name}: typeof import("./${from}").${name};`);
      }
    }
    return lines;
  }

  /** The virtual file that declares a name of a cell: the cell's file or a part of it. */
  private fileWith(name: string, file: string): string {
    return this.parts.get(file)?.get(name) ?? file;
  }

  /** Adds modules that only a cell declares. */
  declareModules(text: string): void {
    this.moduleFiles.set(text, this.moduleFiles.get(text) ?? `__modules${this.moduleFiles.size}.d.ts`);
    this.virtualFiles.set(path.join(this.folder, this.moduleFiles.get(text)!), text);
  }

  /**
   * Adds a cell's names.
   * @param reached those that have a value; the others keep their earlier meaning or remain unknown
   */
  remember(
    { label, source, declarations, names, uses, stars, result, modules }: CellMemory,
    reached?: readonly string[],
  ): void {
    if (modules !== undefined) this.declareModules(modules);
    this.count += 1;
    const file = `__cell${this.count}`;
    this.labels.set(file, label);
    // If a type cannot be emitted, there are no declarations, and the source is used instead.
    const text = declarations || source;
    const extension = declarations ? '.d.ts' : '.ts';
    const own = new Set(names.map(({ name }) => name));
    const hasLast = result !== undefined && !own.has(lastResult) && reached?.includes(lastResult);
    const last = hasLast ? [`declare let ${lastResult}: ${result};\nexport { ${lastResult} };`] : [];
    const rest = [...[...stars].map(exportAll), ...last].join('\n');
    const except = new Set(hasLast ? [...own, lastResult] : own);
    const needs = new Map<string, string>();
    for (const name of new Set(text.match(identifiers)))
      if (this.known.has(name) && !except.has(name)) needs.set(name, this.known.get(name)!.file);
    const subclasses = subclassesIn(text);
    const cell: CellFile = { file, extension, text, source, rest, own, subclasses, uses, needs };
    this.writeCell(cell, (one) => this.declarationsFor(one, except));
    this.files.set(file, cell);
    if (/^declare (global\b|module ["'])/m.test(text)) this.global.push(file);
    const isKnown = (name: string) => reached === undefined || reached.includes(name);
    const handedOn = { kind: 'import', isAmbient: false, isOfNow: true, documentation: '' } as const;
    for (const { name, isValue } of [...stars.values()].flat())
      if (!isValue || isKnown(name)) this.known.set(name, { file, ...handedOn });
    if (hasLast)
      this.known.set(lastResult, {
        ...{ file, kind: 'let', isAmbient: false, isOfNow: false },
        documentation: 'The last result.',
      });
    const same = this.namesAsBefore(cell);
    for (const { name, ...declared } of names) {
      if (!declared.isAmbient && !isKnown(name)) continue;
      this.givers.set(name, file);
      if (same.has(name)) continue;
      this.hasParted ||= this.known.has(name);
      this.known.set(name, { file, ...declared });
    }
    this.ofNow.clear();
    this.changed.clear();
  }

  /** Names of a cell that are declared as before, so that earlier values have the same types. */
  private namesAsBefore(cell: CellFile): ReadonlySet<string> {
    const same = new Set([...cell.own].filter((name) => this.known.has(name) && this.saysTheSame(name, cell)));
    // They may use each other in their types.
    for (let size = -1; size !== same.size; ) {
      size = same.size;
      for (const name of same)
        if (usedBy(name, cell).some((used) => cell.own.has(used) && !same.has(used))) same.delete(name);
    }
    return same;
  }

  private saysTheSame(name: string, cell: CellFile): boolean {
    const before = this.files.get(this.known.get(name)!.file);
    if (before === undefined || cell.extension !== '.d.ts' || before.extension !== '.d.ts') return false;
    const [now, then] = [cell, before].map((one) => textOf(name, one));
    if (now === '' || now !== then) return false;
    return usedBy(name, cell).every((used) => {
      const isOwn = cell.own.has(used);
      return isOwn ? this.known.get(used)?.file === before.file : cell.needs.get(used) === before.needs.get(used);
    });
  }

  /** The file with a cell's declarations in current types. */
  private asOfNow(file: string): string {
    const now = `${file}_now`;
    if (this.ofNow.has(file)) return now;
    this.ofNow.add(file); // first, because cells may depend on each other
    this.labels.set(now, this.labels.get(file)!);
    const cell = this.files.get(file)!;
    if (cell.extension !== '.d.ts') {
      this.writeCell({ ...cell, file: now }, (text) => this.linesFor(text, cell.own).join('\n'));
      return now;
    }
    const changed = new Set(
      [...cell.own].filter((name) => this.known.get(name)?.file === file && this.hasChanged(file, name)),
    );
    const statements = statementsOf(cell)
      .filter(({ names }) => names.length === 0 || names.some((name) => changed.has(name)))
      .map(({ text, names }) => ({ text: text.replace(privateMember, ''), names }));
    // Other names in the same statements are declared there too.
    const own = new Set(statements.flatMap(({ names }) => names));
    const text = statements.map((statement) => statement.text).join('\n');
    this.writeCell({ ...cell, file: now, text, statements, own, rest: '' }, (one) =>
      this.linesFor(one, own).join('\n'),
    );
    return now;
  }

  /** Whether the meaning of the types in a declaration has changed. */
  private hasChanged(file: string, name: string): boolean {
    const cell = this.files.get(file);
    if (!this.hasParted || cell === undefined) return false;
    const key = `${file} ${name}`;
    const known = this.changed.get(key);
    if (known !== undefined) return known;
    this.changed.set(key, false); // for cyclic types
    const has = usedBy(name, cell).some((used) => {
      const then = cell.own.has(used) ? file : cell.needs.get(used);
      const now = this.known.get(used);
      if (then === undefined || now === undefined) return false;
      return now.file !== then || (now.isOfNow && this.hasChanged(then, used));
    });
    this.changed.set(key, has);
    return has;
  }

  /**
   * Writes a cell's declarations into a virtual file; if long, into several, so that later cells read only what they use.
   * @param outside the declarations of other cells that a text needs
   */
  private writeCell(cell: CellFile, outside: (text: string) => string): void {
    const { file, extension, text, own, rest } = cell;
    const parts = partsOf(cell);
    if (parts === undefined) {
      this.parts.delete(file);
      this.write(file, extension, [outside(text), text, exportOf(own), rest]);
      return;
    }
    const fileOf = new Map<string, string>();
    parts.forEach(({ names }, i) => {
      for (const name of names) fileOf.set(name, `${file}_part${i}`);
    });
    this.parts.set(file, fileOf);
    const write = (to: string, one: string, names: ReadonlySet<string>) => {
      const others = [...new Set(one.match(identifiers))].filter((name) => fileOf.has(name) && !names.has(name));
      const lines = others.map((name) => importOf(name, fileOf.get(name)!));
      this.write(to, extension, [outside(one), ...lines, one, exportOf(names)]);
      this.labels.set(to, this.labels.get(file)!);
    };
    parts.forEach((part, i) => {
      write(`${file}_part${i}`, part.texts.join('\n'), part.names);
    });
    // Exports of other modules, and the last result.
    write(file, rest, new Set());
  }

  private write(file: string, extension: string, parts: readonly string[]): void {
    this.virtualFiles.set(path.join(this.folder, file + extension), parts.join('\n'));
  }

  reset(): void {
    const { known, givers, files, parts, labels, moduleFiles, ofNow, changed } = this;
    for (const all of [known, givers, files, parts, labels, moduleFiles, ofNow, changed]) all.clear();
    this.hasParted = false;
    this.global.length = 0;
    this.virtualFiles.clear();
  }
}

interface Declaring {
  text: string;
  names: readonly string[];
}

/** Removed: with private members, an object made earlier would not be assignable to the same class. */
const privateMember = /^ +(?:private |static #|#private;)[^\n]*;$/gm;

/** The statements of a cell's declarations, with the names that each declares. */
function statementsOf(cell: CellFile): readonly Declaring[] {
  cell.statements ??= declaringIn('cell.d.ts', cell.text);
  return cell.statements;
}

function declaringIn(file: string, text: string): Declaring[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  return source.statements.map((statement) => ({
    text: statement.getFullText(source).trim(),
    names: declaredNames({ statements: ts.factory.createNodeArray([statement]) }),
  }));
}

/** The declarations of each name. */
function textsByName(statements: readonly Declaring[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { names, text } of statements)
    for (const name of names) texts.set(name, texts.has(name) ? `${texts.get(name)}\n${text}` : text);
  return texts;
}

function textOf(name: string, cell: CellFile): string {
  cell.texts ??= textsByName(statementsOf(cell));
  return cell.texts.get(name) ?? '';
}

/** Declarations in one file. */
interface Part {
  texts: string[];
  names: Set<string>;
  length: number;
}

/** Suffix of the files of a split cell. */
const ofPart = /_part\d+$/;

/**
 * Splits a cell's declarations into parts of the maximum length; undefined if they fit into one file, or if a statement
 * without a name may affect the others. Declarations of the same name stay together.
 */
function partsOf(cell: CellFile): Part[] | undefined {
  if (cell.extension !== '.d.ts' || cell.text.length <= 2 * longestFile) return undefined;
  const parts: Part[] = [];
  const partWith = new Map<string, Part>();
  for (const { text, names } of statementsOf(cell)) {
    if (text === 'export {};') continue;
    const [part, another] = new Set(names.flatMap((name) => partWith.get(name) ?? []));
    if (names.length === 0 || another !== undefined) return undefined;
    const last = parts.at(-1);
    const into =
      part ?? (last !== undefined && last.length < longestFile ? last : { texts: [], names: new Set(), length: 0 });
    if (into !== last && part === undefined) parts.push(into);
    into.texts.push(text);
    into.length += text.length;
    for (const name of names) {
      into.names.add(name);
      partWith.set(name, into);
    }
  }
  return parts;
}

/** Names of classes with an `extends` clause, each with the base class. */
function subclassesIn(text: string): [string, string][] {
  if (!/\bclass\b[^{]*\bextends\b/.test(text)) return [];
  const { statements } = ts.createSourceFile('cell.d.ts', text, ts.ScriptTarget.Latest);
  return statements.filter(ts.isClassDeclaration).flatMap(({ name, heritageClauses = [] }) => {
    const clause = heritageClauses.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
    const base = clause?.types[0]?.expression;
    return name !== undefined && base !== undefined && ts.isIdentifier(base) ? [[name.text, base.text]] : [];
  });
}

/** Other names used in a name's declarations. */
const usedBy = (name: string, cell: CellFile): string[] => {
  const used = new Set(textOf(name, cell).match(identifiers));
  return [...used].filter((one) => one !== name);
};

const importOf = (name: string, file: string) => `import { ${name} } from "./${file}";`;
const exportOf = (names: Iterable<string>) => `export { ${[...names].join(', ')} };`;
const exportAll = ([module, names]: [string, readonly { name: string }[]]) =>
  `export { ${names.map(({ name }) => name).join(', ')} } from ${JSON.stringify(module)};`;
const comment = (text: string) => `/** ${text.replaceAll('*/', '*\\/')} */`;
