// Memory ownership: whatever a program does with its passes, in any order, no element of a reachable tensor changes
// afterwards. Each sequence runs twice, with and without reuse of memory, and gives equal bits.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { defineOp, enableGrad, grad, manualSeed, nn, noGrad, rand, Tensor } from '../../src';
import { recycling } from '../../src/tensor/memory';

const { least } = recycling;
afterEach(() => {
  recycling.least = least;
});

/** The number of sequences; GRADLAB_SEQUENCES sets another one. */
const runs = Number(process.env.GRADLAB_SEQUENCES ?? 500);

const keepsWhatItSees: unknown[] = [];
/** A custom operation whose rule keeps all its arguments. */
const squared = defineOp({
  name: 'squaredForOwnership',
  forward: (x: Tensor) => x.mul(x),
  saves: ['x'],
  vjp: {
    x: (dy, { x }) => {
      keepsWhatItSees.push(dy, x);
      return dy.mul(x).mul(2);
    },
  },
});

/** A custom layer that keeps its input. */
class Keeping extends nn.Module {
  readonly seen: Tensor[];
  constructor(seen: Tensor[]) {
    super();
    this.seen = seen;
  }
  override forward(x: Tensor): Tensor {
    this.seen.push(x);
    return x.mul(1.5).sin();
  }
}

/** A layer that uses the custom operation. */
class Squaring extends nn.Module {
  override forward(x: Tensor): Tensor {
    return squared(x);
  }
}

const layers = {
  linear: () => new nn.Linear(6, 6),
  tanh: () => new nn.Tanh(),
  sigmoid: () => new nn.Sigmoid(),
  relu: () => new nn.ReLU(),
  reluInPlace: () => new nn.ReLU({ inplace: true }),
  gelu: () => new nn.GELU(),
  silu: () => new nn.SiLU(),
  elu: () => new nn.ELU(),
  leaky: () => new nn.LeakyReLU(),
  norm: () => new nn.LayerNorm([6]),
  batchNorm: () => new nn.BatchNorm1d(6),
  dropout: () => new nn.Dropout(0.3),
  identity: () => new nn.Identity(),
  keeping: (seen: Tensor[]) => new Keeping(seen),
  squaring: () => new Squaring(),
  nested: () => new nn.Sequential(new nn.Linear(6, 6), new nn.Tanh(), new nn.Sigmoid()),
};
type LayerName = keyof typeof layers;

const steps = [
  'plain',
  'retain',
  'createGraph',
  'secondOrder',
  'target',
  'targetCreate',
  'lateSecond',
  'forward',
  'forwardNoGrad',
  'saved',
  'hookKeeps',
  'hookThrows',
  'hookRecords',
  'hookNested',
  'nodeHook',
  'forwardHook',
  'instrumentTensor',
  'instrumentForward',
  'restore',
  'throwInForward',
  'inPlaceAfter',
  'overwrite',
  'sumOfTwo',
  'data',
] as const;
type Step = (typeof steps)[number];

interface Plan {
  readonly seed: number;
  readonly layers: readonly LayerName[];
  readonly twice: boolean;
  readonly inputWantsGrad: boolean;
  readonly steps: readonly Step[];
}

const plans = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  layers: fc.array(fc.constantFrom(...(Object.keys(layers) as LayerName[])), { minLength: 2, maxLength: 7 }),
  twice: fc.boolean(),
  inputWantsGrad: fc.boolean(),
  steps: fc.array(fc.constantFrom(...steps), { minLength: 2, maxLength: 12 }),
}) satisfies fc.Arbitrary<Plan>;

/** Tensor methods that rules and layers use; a program may replace them by others that record their operands. */
const instrumented = [
  'tanh',
  'sigmoid',
  'mul',
  'add',
  'add_',
  'matmul',
  'sum',
  'neg',
  'sub',
  'div',
  'pow',
  't',
  'detach',
];

/** Runs a plan; returns the final values of all tensors that the program has. */
function run({ seed, layers: names, twice, inputWantsGrad, steps: wanted }: Plan): unknown[] {
  manualSeed(seed);
  const held: Tensor[] = [];
  /** The values of each tensor when the program received it: they must not change. */
  const then: { tensor: Tensor; version: number; numbers: string }[] = [];
  const hold = (...tensors: (Tensor | null | undefined)[]) => {
    for (const tensor of tensors) {
      if (!tensor) continue;
      held.push(tensor);
      then.push({ tensor, version: tensor.version, numbers: String(tensor.toArray()) });
    }
  };
  const seen: Tensor[] = [];
  keepsWhatItSees.length = 0;
  const made = names.map((name) => layers[name](seen) as nn.Module);
  const net = new nn.Sequential(...made, ...(twice ? [made[0]!, made[0]!] : []));
  const x = rand([5, 6], { requiresGrad: inputWantsGrad });
  const weight = new nn.Linear(6, 6);
  const prototype = Tensor.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const originals = new Map<string, (...args: unknown[]) => unknown>();
  const forwards = new Map<nn.Module, unknown>();
  const restore = () => {
    for (const [name, original] of originals) prototype[name] = original;
    originals.clear();
    for (const [module, original] of forwards) (module as unknown as { forward: unknown }).forward = original;
    forwards.clear();
  };
  const input = () => weight(x).tanh();
  let y = net(input());
  hold(y);
  const late: Tensor[] = [];
  /** Its gradient goes through a value that a recorded derivative has saved, and not through the graph of `y`. */
  const scale = rand([6], { requiresGrad: true });
  const loss = () => y.mul(scale).mul(y).mean();
  const params = () => [...net.parameters(), ...weight.parameters()];
  /** A pass that may throw: the error is the same with and without reuse. */
  const outcomes: string[] = [];
  const tried = (name: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      outcomes.push(`${name}: ${(error as Error).message}`);
    }
  };
  const actions: Record<Step, () => void> = {
    plain: () => loss().backward(),
    retain: () => loss().backward(undefined, { retainGraph: true }),
    createGraph: () => loss().backward(undefined, { createGraph: true, retainGraph: true }),
    secondOrder: () => {
      const found = grad(loss(), params(), { createGraph: true, allowUnused: true });
      hold(...found);
      const sum = found.reduce<Tensor>((all, g) => (g === null ? all : all.add(g.pow(2).sum())), y.sum().mul(0));
      sum.backward(undefined, { retainGraph: true });
    },
    target: () => hold(...grad(loss(), params().slice(0, 2), { allowUnused: true, retainGraph: seed % 2 === 0 })),
    targetCreate: () => {
      const found = grad(loss(), params(), { createGraph: true, allowUnused: true }).filter((g) => g !== null);
      hold(...found);
      late.push(...found);
    },
    lateSecond: () => {
      for (const g of late.splice(0)) hold(...grad(g.pow(2).sum(), [scale], { allowUnused: true, retainGraph: true }));
    },
    forward: () => {
      y = net(input());
      hold(y);
    },
    forwardNoGrad: () => hold(noGrad(() => net(input()))),
    saved: () => {
      const open = [y.gradFn];
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        if (node === null || node.variable !== null) continue;
        hold(...Object.values(node.saved).filter((v): v is Tensor => v instanceof Tensor));
        open.push(...node.nextFunctions.map(([next]) => next));
      }
    },
    hookKeeps: () => {
      const h = input();
      h.registerHook((g) => hold(g));
      y = net(h);
      hold(h, y);
    },
    hookThrows: () => {
      const h = input();
      let thrown = false;
      h.registerHook(() => {
        if (thrown) return;
        thrown = true;
        throw new Error('once');
      });
      y = net(h);
      tried('hook', () => loss().backward());
    },
    hookRecords: () => {
      const h = input();
      h.registerHook((g) => {
        enableGrad(() => hold(g.mul(h).tanh()));
      });
      y = net(h);
      hold(h);
    },
    hookNested: () => {
      const h = input();
      let nested = false;
      h.registerHook(() => {
        if (nested) return;
        nested = true;
        hold(...grad(net(input()).sum(), params(), { allowUnused: true }));
      });
      y = net(h);
    },
    nodeHook: () => {
      y = net(input());
      y.gradFn?.registerHook((ins, outs) => hold(...ins, ...outs));
      y.gradFn?.registerPrehook((outs) => hold(...outs));
    },
    forwardHook: () => {
      made[made.length - 1]!.registerForwardHook((_, [given], out) => hold(given, out));
    },
    instrumentTensor: () => {
      for (const name of instrumented) {
        if (originals.has(name)) continue;
        const original = prototype[name]!;
        originals.set(name, original);
        prototype[name] = function (this: Tensor, ...args: unknown[]) {
          const result = original.apply(this, args);
          hold(this, ...[...args, result].filter((v): v is Tensor => v instanceof Tensor));
          return result;
        };
      }
    },
    instrumentForward: () => {
      for (const { prototype: one } of [nn.Tanh, nn.Linear, nn.Sigmoid] as unknown as { prototype: nn.Module }[]) {
        if (forwards.has(one)) continue;
        const original = one.forward;
        forwards.set(one, original);
        one.forward = function (this: nn.Module, given: Tensor) {
          const result = original.call(this, given);
          hold(given, result);
          return result;
        };
      }
    },
    restore,
    throwInForward: () => {
      const failing = new Keeping(seen);
      failing.forward = () => {
        throw new Error('forward');
      };
      tried('forward', () => new nn.Sequential(...made, failing)(input()));
    },
    inPlaceAfter: () => {
      y = net(input());
      const z = y.mul(1);
      z.add_(1).mul_(2);
      hold(z);
    },
    // Overwrites everything that was released.
    overwrite: () => {
      for (const n of [5, 6, 30, 36, 60]) for (let i = 0; i < 12; i++) rand([n]).mul(Number.NaN);
    },
    sumOfTwo: () => {
      y = net(input()).add(net(input()));
      hold(y);
    },
    data: () => {
      hold(y);
      expect(y.data.length).toBe(30);
    },
  };
  try {
    for (const step of wanted) {
      tried(step, actions[step]);
      hold(...params().map((p) => p.grad?.clone()));
    }
  } finally {
    restore();
  }
  hold(...seen, ...keepsWhatItSees.filter((v): v is Tensor => v instanceof Tensor));
  actions.overwrite();
  for (const { tensor, version, numbers } of then)
    if (tensor.version === version) expect(String(tensor.toArray())).toBe(numbers);
  return [...outcomes, ...held.map((tensor) => tensor.tolist())];
}

/** Compares bits with reuse of memory of any size, and without. */
function expectEqualBits(plan: Plan): void {
  recycling.least = Number.POSITIVE_INFINITY;
  const expected = run(plan);
  recycling.least = 1;
  expect(run(plan)).toEqual(expected);
}

test(`${runs} sequences of passes give the same bits with and without reuse of memory`, () => {
  fc.assert(fc.property(plans, expectEqualBits), { numRuns: runs, seed: 24 });
});

describe('sequences that failed before', () => {
  const net: readonly LayerName[] = ['linear', 'tanh', 'linear', 'tanh', 'linear'];
  const one = (steps: readonly Step[], layers = net): Plan => ({
    seed: 3,
    layers,
    twice: false,
    inputWantsGrad: true,
    steps,
  });
  test.each([
    [
      'a derivative that is recorded, an ordinary pass, then the derivative of the derivative',
      ['targetCreate', 'plain', 'overwrite', 'forward', 'plain', 'overwrite', 'lateSecond'],
    ],
    [
      'the same with a pass that records into grad',
      ['createGraph', 'plain', 'overwrite', 'forward', 'plain', 'overwrite', 'secondOrder'],
    ],
    [
      'tensor methods that keep their operands',
      ['instrumentTensor', 'forward', 'plain', 'overwrite', 'forward', 'plain'],
    ],
    [
      'methods replaced between the layers and the pass',
      ['forward', 'instrumentTensor', 'plain', 'overwrite', 'restore', 'plain'],
    ],
    [
      'methods replaced for a pass that retains',
      ['forward', 'instrumentTensor', 'retain', 'restore', 'plain', 'overwrite'],
    ],
    ['forward of a class that keeps its operands', ['instrumentForward', 'forward', 'plain', 'overwrite']],
    ['a hook that records', ['hookRecords', 'plain', 'overwrite', 'plain']],
    ['a pass in a hook', ['hookNested', 'plain', 'overwrite']],
  ] as const)('%s', (_, steps) => expectEqualBits(one(steps)));
});
