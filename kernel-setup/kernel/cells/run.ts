// Runs compiled cells. A cell is the body of an async function; `vars` holds the names of all cells as accessors.
import path from 'node:path';
import { given, lastResult } from '../given-names';
import type { ToCells } from '../process-messages';
import { addSourceMap } from './errors/source-maps';
import { functionOf } from './evaluate';
import type { Modules } from './modules/modules';
import { flow } from './parent/parent';

export type RunMessage = Extract<ToCells, { type: 'run' }>;
type Assign = (value: unknown) => void;
/** Getter and setter by name, then the files of earlier cells whose functions use the name. */
type Accessors = Record<string, [read: () => unknown, assign?: Assign, ...keptBy: string[]]>;
type CellFunction = (
  vars: object,
  define: (names: Accessors | string) => void,
  load: (id: string) => Promise<unknown>,
  result: (value: unknown) => void,
  meta: object,
  flow: object,
  sameForCells: (id: string) => unknown,
  require: (id: string) => unknown,
  file: string,
  folder: string,
  module: object,
  exports: unknown,
) => Promise<void>;

// Two pairs of braces, because a cell may declare the same names as the function's parameters.
const { vars, define, import: load, result, meta, flow: keep, require: sameForCells } = given;
const names = ['require', '__filename', '__dirname', 'module', 'exports'];
const parameters = [vars, define, load, result, meta, keep, sameForCells, ...names];
const head = `(async (${parameters.join(', ')}) => {{ `;
const tail = '\n}})';

/** The outcome of a cell: its last value, if the last statement was an expression. */
export interface Outcome {
  value: unknown;
  hasValue: boolean;
}

/** The module loader of cells. */
export interface CellModules extends Pick<Modules, 'add' | 'import' | 'require' | 'meta'> {
  readonly module: { exports: unknown };
}

/** The common file name of all cells. */
export const nameOfCells = (folder: string): string => path.join(folder, 'cell.ts');

export class Runner {
  /** The names of all cells. */
  readonly vars: Record<string, unknown> = {};
  /** The scope of cells. V8 is fast with an object of hundreds of accessors only if it is a prototype. */
  private readonly names = Object.create(this.vars) as object;
  private lastIsDeclared = false;
  /** The setters by name in the cells that have declared it and whose functions use it. */
  private readonly kept = new Map<string, { file: string; assign: Assign }[]>();

  /** @param folder of the notebook */
  constructor(
    private readonly folder: string,
    private readonly modules: CellModules,
  ) {}

  /** Adds the local files that come with a cell, even if it does not run: they are not sent again. */
  take({ modules }: RunMessage): void {
    this.modules.add(modules);
  }

  /** Starts a cell. The promise never settles if the cell is interrupted in a loop. */
  async run({ file, source, js, names, keep }: RunMessage): Promise<Outcome> {
    if (keep && names.includes(lastResult)) this.lastIsDeclared = true;
    addSourceMap(file, js, 1, source);
    const outcome: Outcome = { value: undefined, hasValue: false };
    const cell = functionOf(head, js + tail, file) as CellFunction;
    try {
      await cell(
        this.names,
        keep ? (names) => this.define(names, file) : () => {},
        this.modules.import,
        (value) => {
          outcome.value = value;
          outcome.hasValue = true;
        },
        this.modules.meta,
        flow,
        this.modules.require,
        this.modules.require,
        nameOfCells(this.folder),
        this.folder,
        this.modules.module,
        this.modules.module.exports,
      );
    } finally {
      if (keep) for (const name of names) if ((this.kept.get(name)?.length ?? 0) > 1) this.handOn(name);
    }
    return outcome;
  }

  /** Stores a value as the last result. @returns its name, unless a cell has declared that name */
  keepLast(value: unknown): string[] {
    if (this.lastIsDeclared) return [];
    let last = value;
    this.define({
      [lastResult]: [
        () => last,
        (assigned) => {
          last = assigned;
        },
      ],
    });
    return [lastResult];
  }

  /** Publishes the names of a cell, or passes on a new value of one. */
  private define(names: Accessors | string, file = ''): void {
    if (typeof names === 'string') {
      this.handOn(names);
      return;
    }
    for (const [name, [get, own, ...keptBy]] of Object.entries(names)) {
      const kept = (this.kept.get(name) ?? []).filter((one) => keptBy.includes(one.file));
      const set =
        kept.length === 0 ? own : (value: unknown) => assignAll(value, [own!, ...kept.map((one) => one.assign)]);
      if (own !== undefined) this.kept.set(name, [...kept, { file, assign: own }]);
      Object.defineProperty(this.vars, name, { get, set, enumerable: true, configurable: true });
    }
  }

  /** Passes the value of a name to the cells that use it. */
  private handOn(name: string): void {
    try {
      this.vars[name] = this.vars[name];
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error; // its cell has failed before it had a value
    }
  }

  /** The accessors, to be restored if a cell fails before a name that it redeclares has a value. */
  snapshot(names: readonly string[]): Map<string, PropertyDescriptor> {
    return new Map(
      names.flatMap((name) => {
        const descriptor = Object.getOwnPropertyDescriptor(this.vars, name);
        return descriptor === undefined ? [] : [[name, descriptor] as const];
      }),
    );
  }

  /** The names of a failed cell that have a value or are types. The others are restored. */
  reached(names: readonly string[], before: ReadonlyMap<string, PropertyDescriptor>): string[] {
    return names.filter((name) => {
      try {
        void this.vars[name];
        return true;
      } catch {
        const descriptor = before.get(name);
        if (descriptor === undefined) delete this.vars[name];
        else Object.defineProperty(this.vars, name, descriptor);
        return false;
      }
    });
  }
}

/** A cell that failed before it declared the variable is skipped. */
function assignAll(value: unknown, all: readonly Assign[]): void {
  for (const assign of all)
    try {
      assign(value);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
    }
}
