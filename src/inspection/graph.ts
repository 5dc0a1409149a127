import { escapeHtml } from '../display';
import type { AnyModule } from '../nn/module';
import type { Tensor } from '../tensor/tensor';
import { backwardOf, box, colours, Graph, opening, rendered } from './dot';
import { labelOf, short } from './labels';
import { drawModules, isModule, type ModuleGraphOptions } from './module-graph';
import { contributions, makersIn, type Names, type Step, type Trace, traceOf, type Value } from './trace';

/**
 * Draws the operations that computed `y` from left to right, with the names of {@link explain}. Leaves and constants
 * are boxes, results rounded ones with their backward node; each has its value, or its shape if it has many elements.
 * If `y` is a single number, ∇ is the derivative of `y` by the value in the box. Arrows point in the direction of the
 * computation; gradients flow against them. `names` are your names of tensors. Graphviz draws it.
 *
 * Call it before `backward()`, which frees the saved tensors. It changes nothing.
 *
 * @example
 * const x = tensor([3, 4], { requiresGrad: true });
 * show(await graph(x.pow(2).sum(), { x }));
 * @throws {AutogradError} if `y` has no history, or saved tensors were freed or modified in place.
 */
export function graph(y: Tensor, names?: Names): Promise<Graph>;
/**
 * Draws a net as blocks. It runs the net once on `inputs`, follows the tape of the result, and groups the
 * operations by module: class, shape of the output and number of parameters. A click below the drawing opens a block,
 * and `open` opens it from the start: its modules, operations and parameters are drawn within a frame. Operations of
 * `forward` outside of modules are drawn between the blocks.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
 * show(await graph(net, [randn([4, 2])], { open: ['0'] }));
 * @throws {ValueError} if `inputs` is not a list, `open` names an unknown module, or the result is not a tensor;
 * {@link AutogradError} if nothing was recorded.
 */
export function graph(net: AnyModule, inputs: readonly unknown[], options?: ModuleGraphOptions): Promise<Graph>;
export async function graph(
  what: Tensor | AnyModule,
  given: Names | readonly unknown[] = {},
  options: ModuleGraphOptions = {},
): Promise<Graph> {
  if (isModule(what)) return drawModules(what, given as readonly unknown[], options);
  const [y, names] = [what, given as Names];
  const trace = traceOf('graph', y, names);
  const gradients: Gradients = y.numel() === 1 ? contributions('graph', y, trace).totals : new Map();
  const dot = dotOf(trace, gradients);
  return new Graph(await rendered(dot), dot, wordsOf(trace, gradients));
}

type Gradients = ReadonlyMap<Value, Tensor>;

const givenTo = ({ inputs }: Step) => inputs.filter((i) => i !== null);

/** Numbers have no box; the formulas contain them. */
const drawnOf = (step: Step) => givenTo(step).filter(({ kind }) => kind !== 'number');

const sizeOf = ({ value, shape }: Value): string => {
  if (value !== null) return short(value);
  return shape.length === 0 ? '' : `[${shape.join(' × ')}]`;
};

function dotOf(trace: Trace, gradients: Gradients): string {
  const { steps, result } = trace;
  const lines = [...opening];
  const makers = makersIn(trace);
  const used = new Set([result, ...steps.flatMap(givenTo)]);
  const ids = new Map<Value, string>();
  const wordsIn = (v: Value, name: string): string[] => {
    const gradient = gradients.get(v);
    const slope = gradient && `<font color="${colours.gradient}">∇ ${escapeHtml(short(gradient))}</font>`;
    return [`<b>${escapeHtml(name)}</b>`, escapeHtml(sizeOf(v)), slope ?? ''];
  };
  /** Draws a value when it is first used; returns its id. */
  const drawn = (v: Value, step?: Step): string => {
    const known = ids.get(v);
    if (known !== undefined) return known;
    const id = `value${ids.size}`;
    ids.set(v, id);
    const isAlone = step?.outputs.length === 1;
    const made = isAlone ? [backwardOf(step)] : [];
    const colour =
      v === result ? colours.end : step ? colours.result : v.kind === 'leaf' ? colours.leaf : colours.constant;
    const style = step ? 'rounded,filled' : 'filled';
    lines.push(box(id, [...wordsIn(v, labelOf(v, isAlone ? step : undefined)), ...made], colour, style));
    return id;
  };
  for (const [i, step] of steps.entries()) {
    const sources = drawnOf(step).map((v) => drawn(v, makers.get(v)));
    const isAlone = step.outputs.length === 1;
    const id = isAlone ? drawn(step.outputs[0]!, step) : `op${i}`;
    if (!isAlone) {
      lines.push(box(id, [`<b>${escapeHtml(step.op.name)}</b>`, backwardOf(step)], colours.result, 'rounded,filled'));
      for (const output of step.outputs) if (used.has(output)) lines.push(`  ${id} -> ${drawn(output, step)};`);
    }
    for (const source of sources) lines.push(`  ${source} -> ${id};`);
  }
  return [...lines, '}'].join('\n');
}

function wordsOf({ steps, result }: Trace, gradients: Gradients): string {
  const line = (v: Value, made: string) => {
    const gradient = gradients.get(v);
    return [`  ${made}`, sizeOf(v), gradient ? `∇ ${short(gradient)}` : ''].filter(Boolean).join('    ');
  };
  const given = [...new Set(steps.flatMap(drawnOf))].filter(({ kind }) => kind !== 'result');
  const call = (s: Step) =>
    `${s.outputs.map((o) => o.name).join(', ')} = ${s.op.name}(${givenTo(s)
      .map((i) => i.name)
      .join(', ')})`;
  const made = steps.flatMap((s) =>
    s.outputs.length === 1
      ? [line(s.outputs[0]!, call(s))]
      : [`  ${call(s)}`, ...s.outputs.map((o) => line(o, o.name))],
  );
  return [`graph of ${result.name}, ${steps.length} operations`, ...given.map((v) => line(v, v.name)), ...made].join(
    '\n',
  );
}
