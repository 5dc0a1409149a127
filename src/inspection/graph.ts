import { escapeHtml } from '../display';
import type { AnyModule } from '../nn/module';
import { ModuleGraphOptions as known } from '../option-names';
import { checkOptions } from '../options';
import { refuseSurplus } from '../surplus';
import type { Tensor } from '../tensor/tensor';
import { backwardOf, box, colours, Graph, opening, rendered } from './dot';
import { labelOf, short } from './labels';
import { drawModules, isModule, type ModuleGraphOptions } from './module-graph';
import { contributions, makersIn, type Names, type Step, type Trace, traceOf, type Value } from './trace';

/**
 * Draws the operations behind `y` from left to right, with the names of {@link explain}: leaves and constants as boxes,
 * results as rounded ones, each with its value, or its shape if it has many elements, and results with their backward node.
 * If `y` is a single number, ∇ is the derivative of `y` by what stands in the box. Arrows point the way the computation
 * ran; gradients flow against them. `names` says what to call the tensors you know. Drawn by Graphviz.
 *
 * Call it before `backward()`, which frees what the tape keeps. Nothing is changed.
 *
 * @example
 * const x = tensor([3, 4], { requiresGrad: true });
 * show(await graph(x.pow(2).sum(), { x }));
 * @throws {AutogradError} if `y` has no history, or what its tape keeps was freed or changed in place.
 */
export function graph(y: Tensor, names?: Names): Promise<Graph>;
/**
 * Draws a net as blocks: runs it once on `inputs`, follows the tape of the result, and gathers what each module has
 * recorded, with its class, the shape of what it gives and the number of its parameters. A click below the drawing opens a
 * block, and `open` does so from the start: its modules, operations and parameters are drawn within a frame. What `forward`
 * computes outside of modules stands between the blocks.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
 * show(await graph(net, [randn([4, 2])], { open: ['0'] }));
 * @throws {ValueError} if `inputs` is no list, `open` names no module, or the result is no tensor; {@link AutogradError} if
 *   nothing was recorded.
 */
export function graph(net: AnyModule, inputs: readonly unknown[], options?: ModuleGraphOptions): Promise<Graph>;
export async function graph(
  what: Tensor | AnyModule,
  given: Names | readonly unknown[] = {},
  options: ModuleGraphOptions = {},
): Promise<Graph> {
  if (arguments.length > 3) refuseSurplus('graph', arguments, 3);
  checkOptions('graph', options, known);
  if (isModule(what)) return drawModules(what, given as readonly unknown[], options);
  const [y, names] = [what, given as Names];
  const trace = traceOf('graph', y, names);
  const gradients: Gradients = y.numel() === 1 ? contributions('graph', y, trace).totals : new Map();
  const dot = dotOf(trace, gradients);
  return new Graph(await rendered(dot), dot, wordsOf(trace, gradients));
}

type Gradients = ReadonlyMap<Value, Tensor>;

const givenTo = ({ inputs }: Step) => inputs.filter((i) => i !== null);

/** Numbers stand in formulas; they have no box. */
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
  /** Draws a value when it is first used, and gives its id. */
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
