// Layers and tensors that a module holds but does not list.
import { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';
import { isModule } from './module-tree';
import { isBuffer, isParameter } from './parameter';

/** A property of a module inside the listed one. */
export type Property = readonly [module: AnyModule, name: string, value: unknown];

/** Limits for values examined per property, and for their depth. */
const mostValues = 2000;
const mostDepth = 5;

/** The warnings shown so far, by class: a loop that creates a net a thousand times shows one. */
const said = new WeakMap<object, Set<string>>();

/** Whether a value may contain something that is not listed. @internal */
export function mayHide(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Tensor ? isTrained(value) : !ArrayBuffer.isView(value);
}

/**
 * Warns of layers in arrays, maps, sets and objects, and of plain tensors that require a gradient: `parameters()`,
 * `stateDict()` and `train()` leave them out, as in PyTorch. It does not warn of frozen tensors, nor of layers and
 * tensors that another property lists.
 * @internal
 */
export function warnOfUnlisted(root: AnyModule, properties: readonly Property[]): void {
  let listed: Set<unknown> | undefined;
  const isListed = (value: unknown) => {
    listed ??= new Set(root.modules().flatMap((module) => module.members().map(([, member]) => member)));
    return listed.has(value);
  };
  for (const [module, name, value] of properties) {
    const found = value instanceof Tensor ? { path: name, value } : hiddenIn(value, name, isListed);
    if (found === undefined) continue;
    const text = textOf(found.path, found.value, value);
    const before = said.get(module.constructor) ?? new Set();
    said.set(module.constructor, before);
    if (before.has(text)) continue;
    before.add(text);
    console.warn(`${module.constructor.name}: ${text}`);
  }
}

const isTrained = (x: Tensor): boolean => x.requiresGrad && x.isLeaf && !isParameter(x);

/** The first layer or tensor in a value that is not listed but should be. */
function hiddenIn(
  value: unknown,
  name: string,
  isListed: (value: unknown) => boolean,
): { path: string; value: AnyModule | Tensor } | undefined {
  const seen = new Set<unknown>();
  let left = mostValues;
  const visit = (at: unknown, path: string, depth: number): { path: string; value: AnyModule | Tensor } | undefined => {
    if (left-- <= 0 || seen.has(at)) return undefined;
    if (isModule(at)) {
      seen.add(at);
      return isMissed(at, isListed) ? { path, value: at } : undefined;
    }
    if (typeof at !== 'object' || at === null || ArrayBuffer.isView(at)) return undefined;
    seen.add(at);
    if (at instanceof Tensor) return at.requiresGrad && at.isLeaf && !isListed(at) ? { path, value: at } : undefined;
    if (depth === mostDepth) return undefined;
    for (const [key, inner] of entriesOf(at)) {
      const found = visit(inner, `${path}${key}`, depth + 1);
      if (found !== undefined) return found;
      if (left <= 0) return undefined;
    }
    return undefined;
  };
  return visit(value, name, 0);
}

/** The layers and tensors in a container, with their paths. */
function* entriesOf(at: object): Iterable<[string, unknown]> {
  if (Array.isArray(at)) for (let i = 0; i < at.length; i++) yield [`[${i}]`, at[i]];
  else if (at instanceof Set) for (const value of at) yield [' (a Set)', value];
  else if (at instanceof Map)
    for (const [key, value] of at) {
      yield [' (a key of a Map)', key];
      yield [typeof key === 'string' ? `.get('${key}')` : ' (a Map)', value];
    }
  else
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      yield [`.${key}`, value as unknown];
}

/** Whether a module that is not listed should be: it has parameters to train, or behaves differently in training. */
function isMissed(module: AnyModule, isListed: (value: unknown) => boolean): boolean {
  const modules = module.modules();
  const members = modules.flatMap((inner) => inner.members().map(([, value]) => value));
  const parameters = members.filter(isParameter);
  if (parameters.length > 0) return parameters.some((p) => p.requiresGrad && !isListed(p));
  return !isListed(module) && (members.some(isBuffer) || modules.some((inner) => 'hasModes' in inner));
}

function textOf(path: string, found: AnyModule | Tensor, holder: unknown): string {
  const onPurpose = 'What is left out on purpose is frozen (requiresGrad false), or kept in a function: () => …';
  if (found === holder)
    return `${path} is a plain tensor that requires a gradient, which parameters() and stateDict() leave out: make it new nn.Parameter(…). ${onPurpose}`;
  const [kind, list] = isModule(found)
    ? ['Module', found.constructor.name]
    : ['Parameter', 'a tensor that requires a gradient'];
  const byName = !(Array.isArray(holder) || holder instanceof Set);
  return (
    `${path} (${list}) is in ${byName ? (holder instanceof Map ? 'a Map' : 'an object') : holder instanceof Set ? 'a Set' : 'a plain array'}, where ` +
    `parameters(), stateDict() and train() do not look: make it new nn.${kind}${byName ? 'Dict({…})' : 'List([…])'}. ${onPurpose}`
  );
}
