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
/** Behind them what the earlier cells are called whose functions keep the name. */
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

// Two pairs of braces: a cell may declare names that the function's parameters have.
const { vars, define, import: load, result, meta, flow: keep, require: sameForCells } = given;
const names = ['require', '__filename', '__dirname', 'module', 'exports'];
const parameters = [vars, define, load, result, meta, keep, sameForCells, ...names];
const head = `(async (${parameters.join(', ')}) => {{ `;
const tail = '\n}})';

/** What a cell did: its last value, if the last statement was an expression. */
export interface Outcome {
  value: unknown;
  hasValue: boolean;
}

/** What cells load. */
export interface CellModules extends Pick<Modules, 'add' | 'import' | 'require' | 'meta'> {
  readonly module: { exports: unknown };
}

/** What all cells of a notebook are called as one file. */
export const nameOfCells = (folder: string): string => path.join(folder, 'cell.ts');

export class Runner {
  /** The names of all cells. */
  readonly vars: Record<string, unknown> = {};
  /** What cells read and assign them by: an object of hundreds of accessors is fast for V8 as a prototype alone. */
  private readonly names = Object.create(this.vars) as object;
  private lastIsDeclared = false;
  /** How a name is assigned to in the cells that have declared it and whose functions keep it. */
  private readonly kept = new Map<string, { file: string; assign: Assign }[]>();

  /** @param folder of the notebook */
  constructor(
    private readonly folder: string,
    private readonly modules: CellModules,
  ) {}

  /** Takes over the local files that come with a cell, whether it runs or not: they do not come again. */
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

  /** Makes a result known as the last one. @returns its name, unless that is a variable of a cell */
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

  /** Publishes the names of a cell, or hands one of them on. */
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

  /** Tells the value of a name to those who keep it. */
  private handOn(name: string): void {
    try {
      this.vars[name] = this.vars[name];
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error; // its cell has failed before it had a value
    }
  }

  /** The accessors as they are, to return to if a cell fails before a name it declares anew has a value. */
  snapshot(names: readonly string[]): Map<string, PropertyDescriptor> {
    return new Map(
      names.flatMap((name) => {
        const descriptor = Object.getOwnPropertyDescriptor(this.vars, name);
        return descriptor === undefined ? [] : [[name, descriptor] as const];
      }),
    );
  }

  /** Those of a failed cell's names that have a value, or are types; the others become again what they were. */
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

/** One that has no such variable yet, because its cell has failed before, does without. */
function assignAll(value: unknown, all: readonly Assign[]): void {
  for (const assign of all)
    try {
      assign(value);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
    }
}
