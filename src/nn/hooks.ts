import type { Gradients } from '../autograd';
import { HookList } from '../autograd/hooks';
import { gradMode } from '../autograd/mode';
import { ValueError } from '../errors';
import { defineFunctions } from '../ops/table/define';
import { Tensor, viewWith } from '../tensor/tensor';
import type { AnyModule } from './module';

// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing, which TypeScript 5.0 calls void
type OrNothing<T> = T | undefined | void;

/** Called before a module computes; may return other inputs: a list of all, or the only one. */
export type ForwardPreHook<M, A extends unknown[]> = (module: M, args: A) => OrNothing<readonly A[number][] | A[0]>;
/** Called with the output of a module; may return another one. */
export type ForwardHook<M, A extends unknown[], R> = (module: M, args: A, output: R) => OrNothing<R>;
/** Called with the gradients of a module's outputs before they pass through it; may return others. */
export type BackwardPreHook<M> = (module: M, gradOutput: Gradients) => OrNothing<Gradients>;
/** Called with the gradients of a module's inputs and outputs; may return other gradients of the inputs. */
export type BackwardHook<M> = (module: M, gradInput: Gradients, gradOutput: Gradients) => OrNothing<Gradients>;

/** Joins tensors in one node of the graph, so that their gradients arrive together. */
interface Joining {
  meetingPoint(tensors: readonly Tensor[]): Tensor[];
}

const { meetingPoint } = defineFunctions<Joining>({
  meetingPoint: {
    torch: { name: 'backward_hook', params: ['tensors'] },
    math: 'y_i = x_i',
    vjpMath: { xs: '\\bar y_i' },
    saves: [],
    shape: (shapes) => shapes,
    // One of several views, which must not be modified in place: their base would not notice.
    forward: (xs) => xs.map((x) => Object.assign(viewWith(x, x), { fromSeveral: true })),
    batch: (c) => c.run((c.args[0] as readonly Tensor[]).map((x) => c.spread(x))),
    vjp: { xs: (dy, _, i) => dy[i] },
    gradFn: 'BackwardHookFunctionBackward',
    samples: ['2x3 4', '() 0x2'],
  },
});

/** The hooks of a module, whatever its types. @internal */
export class ModuleHooks {
  readonly forwardPre = new HookList<ForwardPreHook<AnyModule, unknown[]>>();
  readonly forward = new HookList<ForwardHook<AnyModule, unknown[], unknown>>();
  readonly backwardPre = new HookList<BackwardPreHook<AnyModule>>();
  readonly backward = new HookList<BackwardHook<AnyModule>>();

  /** The same hooks, for a copy of the module. */
  copy(): ModuleHooks {
    const other = new ModuleHooks();
    other.forwardPre.addAll(this.forwardPre);
    other.forward.addAll(this.forward);
    other.backwardPre.addAll(this.backwardPre);
    other.backward.addAll(this.backward);
    return other;
  }

  /** Runs a module with its hooks. */
  run(module: AnyModule, input: unknown[]): unknown {
    let args = input;
    for (const hook of this.forwardPre) {
      const given = hook(module, args) ?? null;
      if (given !== null) args = Array.isArray(given) ? given : [given];
    }
    const watches = gradMode.recording && !(this.backward.isEmpty && this.backwardPre.isEmpty);
    const pass = watches ? new WatchedPass(module, this.backwardPre, this.backward) : null;
    if (pass !== null) args = pass.enter(args);
    let output = module.forward(...(args as never));
    for (const hook of this.forward) output = hook(module, args, output) ?? output;
    return pass === null ? output : pass.leave(output);
  }
}

/** One call of a module with backward hooks. */
class WatchedPass {
  /** The gradients of the outputs, from their arrival until the hooks have run. */
  private gradOutput: Gradients | null = null;
  private inputCount = 0;
  /** Whether a gradient of an input will be computed, after which the hooks are called. */
  private inputsWatched = false;

  constructor(
    private readonly module: AnyModule,
    private readonly before: HookList<BackwardPreHook<AnyModule>>,
    private readonly after: HookList<BackwardHook<AnyModule>>,
  ) {}

  enter(args: unknown[]): unknown[] {
    this.inputCount = args.length;
    const { values, node, places } = joined(args);
    if (node === null) return args;
    this.inputsWatched = true;
    node.registerHook((gradInputs) => {
      // A gradient that did not come through the output, as in a second derivative.
      if (this.gradOutput === null) return;
      const found = this.call(spread(gradInputs, places, args.length));
      return found === null ? undefined : places.map((place) => found[place]);
    });
    return values;
  }

  leave(output: unknown): unknown {
    const several = Array.isArray(output);
    const { values, node, places } = joined(several ? output : [output]);
    if (node === null) return output;
    node.registerPrehook((gradients) => {
      let found: Gradients = spread(gradients, places, values.length);
      for (const hook of this.before) found = hook(this.module, found) ?? found;
      this.gradOutput = found;
      if (!this.inputsWatched && this.call(new Array(this.inputCount).fill(null))?.some((g) => g !== null))
        throw new ValueError(
          'registerFullBackwardHook: no input of the module requires a gradient, so the hook must return nothing',
        );
      return places.map((place) => found[place]);
    });
    return several ? values : values[0];
  }

  /** The gradients of the inputs that the hooks return, or `null` if they change nothing. */
  private call(gradInput: Gradients): Gradients | null {
    const gradOutput = this.gradOutput!;
    this.gradOutput = null;
    let found: Gradients | null = null;
    for (const hook of this.after) {
      const given: Gradients | null = hook(this.module, found ?? gradInput, gradOutput) ?? null;
      if (given !== null && given.length !== gradInput.length)
        throw new ValueError(
          `registerFullBackwardHook: the hook returned ${given.length} gradients for ${gradInput.length} inputs`,
        );
      found = given ?? found;
    }
    return found;
  }
}

/** The tensors of a list that require a gradient, joined in one node; `null` if there are none. */
function joined(values: unknown[]) {
  const places = [...values.keys()].filter((i) => values[i] instanceof Tensor && (values[i] as Tensor).requiresGrad);
  if (places.length === 0) return { values, node: null, places };
  const out = [...values];
  const tensors = meetingPoint(places.map((i) => values[i] as Tensor));
  places.forEach((place, k) => {
    out[place] = tensors[k];
  });
  const node = tensors[0].gradFn!;
  // No gradient for outputs without one, rather than zeros.
  node.registerHook((gradInputs, gradOutputs) => gradInputs.map((g, k) => (gradOutputs[k] === null ? null : g)));
  return { values: out, node, places };
}

/** Inserts gradients at the positions of their tensors. */
function spread(gradients: Gradients, places: readonly number[], count: number): (Tensor | null)[] {
  const out: (Tensor | null)[] = new Array(count).fill(null);
  places.forEach((place, k) => {
    out[place] = gradients[k];
  });
  return out;
}
