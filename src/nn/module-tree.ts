import { describe } from '../describe';
import { ValueError } from '../errors';
import { checkKind } from '../options';
import { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';
import { type Buffer, isBuffer, isParameter, type Parameter } from './parameter';
import { mayHide, type Property, warnOfUnlisted } from './unlisted';

/** Options of the methods that list modules by path. */
export interface NamedModulesOptions {
  /** Prepended to every path, with a dot; default `''`. */
  prefix?: string;
  /** List shared modules, parameters and buffers only once, under their first path; default `true`. */
  removeDuplicate?: boolean;
}

/** Option of the methods that list parameters or buffers. */
export interface RecurseOption {
  /** Include the modules inside as well; default `true`. */
  recurse?: boolean;
}

/** Options of the methods that list parameters or buffers by path. */
export interface NamedTensorsOptions extends NamedModulesOptions, RecurseOption {}

/** The method that a call of a module runs; its name cannot collide with properties of a class. @internal */
export const invoke = Symbol('invoke');

/**
 * TypeScript gives all callable objects the members of `Function`, which a module does not have. They are hidden here,
 * so that a class may declare these names itself.
 */
declare class WithoutFunctionMembers {
  protected readonly name: unknown;
  protected readonly length: unknown;
  protected readonly prototype: unknown;
  protected readonly arguments: unknown;
  protected readonly caller: unknown;
  protected call(...args: never): unknown;
  protected bind(...args: never): unknown;
}

const ModuleTree_base: typeof WithoutFunctionMembers = Object as unknown as typeof WithoutFunctionMembers;

/**
 * The contents of a module: the properties that are modules, parameters and buffers, in the order in which they were
 * set. Those of a module come before those of its inner modules.
 */
export abstract class ModuleTree extends ModuleTree_base {
  constructor() {
    super();
    // A module is a function, so that net(x) works as in PyTorch. The properties of a class are set on that function.
    // `structuredClone` rejects functions, and its error message contains their first characters.
    const module = (...input: never) => {
      'use clone() of the module';
      return (module as unknown as AnyModule)[invoke](...input);
    };
    delete (module as { name?: string }).name;
    delete (module as { length?: number }).length;
    // biome-ignore lint/correctness/noConstructorReturn: the function takes the place of the object
    return Object.setPrototypeOf(module, new.target.prototype);
  }

  /** The properties in the order in which they were set, among them parameters, buffers and modules. @internal */
  members(): [string, unknown][] {
    const members = Object.entries(this);
    checkKinds(this, members);
    return members;
  }

  /** The modules among the properties, by name (`torch.nn.Module.named_children`); each module once. */
  namedChildren(): [string, AnyModule][] {
    const children = new Map<AnyModule, string>();
    for (const [name, value] of this.members()) if (isModule(value) && !children.has(value)) children.set(value, name);
    return [...children].map(([child, name]) => [name, child]);
  }

  /** The modules among the properties (`torch.nn.Module.children`). */
  children(): AnyModule[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /**
   * This module (named `''`) and all inside it, by path such as `'encoder.0'` (`torch.nn.Module.named_modules`); each
   * module once, unless `removeDuplicate` is `false`.
   */
  namedModules(options: NamedModulesOptions = {}): [string, AnyModule][] {
    const { prefix = '', removeDuplicate = true } = options;
    const found: [string, AnyModule][] = [];
    const seen = new Set<AnyModule>();
    const visit = (module: AnyModule, path: string) => {
      if (removeDuplicate && seen.has(module)) return;
      seen.add(module);
      found.push([path, module]);
      for (const [name, value] of module.members()) if (isModule(value)) visit(value, join(path, name));
    };
    visit(this as unknown as AnyModule, prefix);
    return found;
  }

  /** This module and all inside it (`torch.nn.Module.modules`). */
  modules(): AnyModule[] {
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * The parameters by path, such as `'hidden.weight'`, in the order in which they were set; each parameter once, unless
   * `removeDuplicate` is `false` (`torch.nn.Module.named_parameters`).
   */
  namedParameters(options: NamedTensorsOptions = {}): [string, Parameter][] {
    return this.namedTensors(isParameter, options);
  }

  /**
   * The parameters, each once: what an optimizer takes (`torch.nn.Module.parameters`). Layers in plain arrays, maps and objects, and plain
   * tensors, are not among them; a warning says where there are some, and what to write: `nn.ModuleList`, `nn.ModuleDict`, `nn.ParameterList`,
   * `nn.Parameter`.
   */
  parameters(options: RecurseOption = {}): Parameter[] {
    return this.namedParameters(options).map(([, parameter]) => parameter);
  }

  /**
   * The buffers by path; each buffer once, unless `removeDuplicate` is `false` (`torch.nn.Module.named_buffers`).
   */
  namedBuffers(options: NamedTensorsOptions = {}): [string, Buffer][] {
    return this.namedTensors(isBuffer, options);
  }

  /** The buffers, each once (`torch.nn.Module.buffers`). */
  buffers(options: RecurseOption = {}): Buffer[] {
    return this.namedBuffers(options).map(([, buffer]) => buffer);
  }

  /** The tensors of one kind by path. */
  private namedTensors<T>(isKind: (value: unknown) => value is T, options: NamedTensorsOptions): [string, T][] {
    const { prefix = '', recurse = true, removeDuplicate = true } = options;
    const found: [string, T][] = [];
    const seen = new Set<T>();
    const others: Property[] = [];
    const isOfParameters = (isKind as unknown) === isParameter;
    for (const [path, module] of recurse ? this.namedModules({ prefix, removeDuplicate }) : [[prefix, this] as const])
      for (const [name, value] of module.members()) {
        if (!isKind(value)) {
          if (isOfParameters && mayHide(value)) others.push([module as AnyModule, name, value]);
          continue;
        }
        if (removeDuplicate && seen.has(value)) continue;
        seen.add(value);
        found.push([join(path, name), value]);
      }
    if (others.length > 0) warnOfUnlisted(this as unknown as AnyModule, others);
    return found;
  }

  /**
   * The module at a path such as `'encoder.0'`; `''` is this module (`torch.nn.Module.get_submodule`).
   * @throws {ValueError} if there is none.
   */
  getSubmodule(target: string): AnyModule {
    checkKind('getSubmodule', 'target', target, 'text');
    let found = this as unknown as AnyModule;
    for (const name of target === '' ? [] : target.split('.')) {
      const next = memberOf(found, name, 'getSubmodule', target);
      if (!isModule(next)) throw new ValueError(`getSubmodule: '${target}': ${name} is not a module`);
      found = next;
    }
    return found;
  }

  /**
   * The parameter at a path such as `'hidden.weight'` (`torch.nn.Module.get_parameter`).
   * @throws {ValueError} if there is none.
   */
  getParameter(target: string): Parameter {
    return this.tensorAt(target, isParameter, 'getParameter', 'parameter');
  }

  /**
   * The buffer at a path (`torch.nn.Module.get_buffer`).
   * @throws {ValueError} if there is none.
   */
  getBuffer(target: string): Buffer {
    return this.tensorAt(target, isBuffer, 'getBuffer', 'buffer');
  }

  private tensorAt<T>(target: string, isKind: (value: unknown) => value is T, op: string, kind: string): T {
    checkKind(op, 'target', target, 'text');
    const at = target.lastIndexOf('.');
    const name = target.slice(at + 1);
    const found = memberOf(this.getSubmodule(target.slice(0, Math.max(at, 0))), name, op, target);
    if (!isKind(found)) throw new ValueError(`${op}: '${target}' is not a ${kind}`);
    return found;
  }
}

/** The properties of modules that have held modules, parameters or buffers. */
const held = new WeakMap<object, Map<string, 'parameter' | 'buffer' | 'module'>>();

const article = { parameter: 'new nn.Parameter(…)', buffer: 'new nn.Buffer(…)', module: 'a module' };

/**
 * Notes which properties a layer's constructor has set to parameters and buffers, so that a replacement before the
 * first listing is detected, too. Listing them has the same effect later.
 * @internal
 */
export function noteMembers(module: ModuleTree): void {
  module.members();
}

/**
 * Notes which properties hold parameters, buffers and modules, and checks that earlier ones still do. PyTorch rejects
 * the assignment; here assignments cannot be intercepted, so the check is made at each listing.
 * @throws {ValueError} if a property holds another kind of value now: it would be omitted silently, while an optimizer
 *   continues with the former value.
 */
function checkKinds(module: object, members: readonly (readonly [string, unknown])[]): void {
  let kinds = held.get(module);
  for (const [name, value] of members) {
    const kind = kindOf(value);
    if (kind !== null) {
      if (kinds === undefined) {
        kinds = new Map();
        held.set(module, kinds);
      }
      kinds.set(name, kind);
      continue;
    }
    const before = kinds?.get(name);
    if (before !== undefined && value !== null && value !== undefined)
      throw new ValueError(
        `${module.constructor.name}: ${name} was a ${before} and is now ${describe(value)}, which the module would not ` +
          `know; assign ${article[before]} or null${before === 'module' ? '' : `, or write into it: noGrad(() => ….${name}.copy_(…))`}`,
      );
  }
}

function kindOf(value: unknown): 'parameter' | 'buffer' | 'module' | null {
  if (typeof value === 'function') return isModule(value) ? 'module' : null;
  if (!(value instanceof Tensor)) return null;
  return isParameter(value) ? 'parameter' : isBuffer(value) ? 'buffer' : null;
}

function memberOf(module: AnyModule, name: string, op: string, target: string): unknown {
  const members = new Map(module.members());
  if (!members.has(name))
    throw new ValueError(
      `${op}: '${target}': ${module.constructor.name} has no ${name}; it has ${[...members.keys()].join(', ')}`,
    );
  return members.get(name);
}

/** @internal */
export function isModule(value: unknown): value is AnyModule {
  return value instanceof ModuleTree;
}

/** A path one level deeper. @internal */
export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
