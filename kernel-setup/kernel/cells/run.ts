// Runs compiled cells. A cell is the body of an async function; `vars` holds the names of all cells as accessors.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { given } from '../given-names';
import type { ToCells } from '../process-messages';
import { Modules } from './modules';
import { addSourceMap } from './source-maps';

export type RunMessage = Extract<ToCells, { type: 'run' }>;
type Accessors = Record<string, [read: () => unknown, assign: (value: unknown) => void]>;
type CellFunction = (
  vars: object,
  define: (names: Accessors) => void,
  load: (id: string) => Promise<unknown>,
  result: (value: unknown) => void,
  meta: object,
  sameForCells: (id: string) => unknown,
  require: (id: string) => unknown,
  file: string,
  folder: string,
) => Promise<void>;

// Two pairs of braces: a cell may declare names that the function's parameters have.
const { vars, define, import: load, result, meta, require: sameForCells } = given;
const parameters = [vars, define, load, result, meta, sameForCells, 'require', '__filename', '__dirname'];
const head = `(async (${parameters.join(', ')}) => {{ `;
const tail = '\n}})';

/** What a cell did: its last value, if the last statement was an expression. */
export interface Outcome {
  value: unknown;
  hasValue: boolean;
}

export class Runner {
  /** The names of all cells. */
  readonly vars: Record<string, unknown> = {};
  private readonly modules: Modules;
  private readonly file: string;
  private readonly meta: object;

  constructor(private readonly folder: string) {
    this.modules = new Modules(folder);
    this.file = path.join(folder, 'cell.ts');
    this.meta = { url: String(pathToFileURL(this.file)), filename: this.file, dirname: folder };
  }

  /** Takes over the local files that come with a cell, whether it runs or not: they do not come again. */
  take({ modules }: RunMessage): void {
    this.modules.add(modules);
  }

  /** Starts a cell. The promise never settles if the cell is interrupted in a loop. */
  async run({ file, source, js, keep }: RunMessage): Promise<Outcome> {
    addSourceMap(file, js, 1, source);
    const outcome: Outcome = { value: undefined, hasValue: false };
    const cell = vm.runInThisContext(head + js + tail, {
      filename: file,
      columnOffset: -head.length,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as CellFunction;
    await cell(
      this.vars,
      keep ? (names) => this.define(names) : () => {},
      this.modules.import,
      (value) => {
        outcome.value = value;
        outcome.hasValue = true;
      },
      this.meta,
      this.modules.require,
      this.modules.require,
      this.file,
      this.folder,
    );
    return outcome;
  }

  private define(names: Accessors): void {
    for (const [name, [get, set]] of Object.entries(names))
      Object.defineProperty(this.vars, name, { get, set, enumerable: true, configurable: true });
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
