// The recorded calls of custom operations, and what a derivative can read of them.

import type { Node } from '../autograd/node';
import { AutogradError } from '../errors';
import { Tensor } from '../tensor/tensor';
import { LETTERS } from './inputs';

/** One recorded call of a custom operation. */
export class Call {
  private versions: ReadonlyMap<Tensor, number>;

  constructor(
    private readonly places: readonly number[],
    /** For each input, whether it is a list. */
    private readonly lists: readonly boolean[],
    /** The values that the computation saved with `withSaved`. */
    public values: object | undefined,
  ) {
    const tensors = Object.values(values ?? {}).filter((v): v is Tensor => v instanceof Tensor);
    this.versions = new Map(tensors.map((t) => [t, t.version]));
  }

  check(n: Node): void {
    for (const [t, version] of this.versions) n.checkVersion(t, version);
  }

  release(): void {
    this.values = undefined;
    this.versions = new Map();
  }

  /** Input `k`, which may be a list, of the `given` ones. */
  input(n: Node, k: number, given: readonly unknown[]): unknown {
    const found = given.filter((_, i) => n.inputs[i].rule === k);
    return this.lists[k] ? found : found[0];
  }

  /** The arguments of the call, with the `given` inputs. */
  argumentsWith(n: Node, given: readonly unknown[]): unknown[] {
    const args = [...n.args];
    this.places.forEach((place, k) => {
      args.splice(place, 0, this.input(n, k, given));
    });
    return args;
  }
}

/** The calls of custom operations, by their nodes. */
export const calls: WeakMap<Node, Call> = new WeakMap();

/** Returns the object that the derivative of input `k` receives: only what it `reads`. */
export function viewFor(
  name: string,
  names: readonly string[],
  k: number,
  reads: readonly string[],
): (n: Node) => object {
  const called = names[k];
  const view = Object.create(null) as object;
  const refuse = (what: string) => {
    throw new AutogradError(
      names.includes(what) || what === 'y' || what === 'ys'
        ? `${name}: the derivative of ${called} reads ${what}, which saves does not name for it; add it: saves: ` +
            `{ ${called}: ${JSON.stringify([...reads, what === 'ys' ? 'y' : what]).replaceAll('"', "'")}, … }`
        : `${name}: the derivative of ${called} reads ${what}, which is not an input; the inputs are ${names.join(', ')}`,
    );
  };
  const value = (n: Node, what: string): unknown => {
    if (what === 'y' && n.outputs === null) return n.output;
    if (what === 'y' || what === 'ys') return n.ys;
    return (
      calls.get(n)!.input(
        n,
        names.indexOf(what),
        n.inputs.map((i) => i.value),
      ) ?? null
    );
  };
  for (const what of [...LETTERS, 'x', 'xs', 'y', 'ys']) {
    const allowed = reads.includes(what === 'ys' ? 'y' : what);
    Object.defineProperty(view, what, {
      get(this: { node: Node }) {
        return allowed ? value(this.node, what) : refuse(what);
      },
    });
  }
  return (node) => {
    const { args, shape, shapes, dtype } = node;
    return Object.assign(Object.create(view), {
      node,
      args,
      shape,
      shapes,
      dtype,
      kept: calls.get(node)!.values,
    });
  };
}
