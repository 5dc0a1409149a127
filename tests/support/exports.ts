// What the library exports: every function and class with its path from the door, and the contract that the build derived
// from its declaration.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as gradlab from '../../src';
import { root } from './typescript';

export type Call = (...args: unknown[]) => unknown;

/** What a declaration says of its arguments; see kernel-setup/setup/generate/contracts.mjs. */
export interface Contract {
  readonly path?: string;
  readonly called: string;
  readonly most?: number;
  readonly tensors?: Readonly<Record<string, string>>;
  readonly list?: string;
  readonly options?: { readonly name: string; readonly place: number; readonly list: string };
  readonly isClass?: boolean;
}

const files: Record<string, Record<string, Contract>> = JSON.parse(
  readFileSync(join(root, 'src', 'contracts.json'), 'utf8'),
);

/** The contracts by path, such as `nn.functional.relu`. */
export const contracts: ReadonlyMap<string, Contract> = new Map(
  Object.values(files)
    .flatMap((inFile) => Object.values(inFile))
    .flatMap((contract) => (contract.path === undefined ? [] : [[contract.path, contract] as const])),
);

function* functionsIn(value: object, path: string): Generator<[path: string, call: Call]> {
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'function') yield [path + name, member as Call];
    else if (Object.prototype.toString.call(member) === '[object Module]')
      yield* functionsIn(member, `${path}${name}.`);
  }
}

/** Every exported function and class, by path. */
export const exported: readonly [path: string, call: Call][] = [...functionsIn(gradlab, '')];

const byName = new Map(Object.values(files).flatMap((inFile) => Object.entries(inFile)));

/** The contract of an exported function or class. A class without a constructor has that of the class it extends. */
export function contractOf(path: string, call: Call): Contract | undefined {
  const own = contracts.get(path);
  if (own?.most !== undefined || own?.options !== undefined) return own;
  for (let one: unknown = call; typeof one === 'function' && one.name !== ''; one = Object.getPrototypeOf(one)) {
    const inherited = byName.get(one.name);
    if (inherited?.isClass && inherited.most !== undefined) return inherited;
  }
  return own;
}

/** Calls a function, or constructs an object of a class. */
export const run = (call: Call, args: readonly unknown[]): unknown =>
  /^class\b/.test(Function.prototype.toString.call(call)) ? Reflect.construct(call, [...args]) : call(...args);
