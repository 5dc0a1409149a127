import { escapeHtml, type MimeBundle, RichOutput } from '../display';
import type { Tensor } from '../tensor/tensor';
import { labelOf, short } from './labels';
import { contributions, makersIn, type Names, type Step, type Trace, traceOf, type Value } from './trace';

/** A drawing of the tape; shows as SVG, and in a terminal as a list of the operations. */
export class Graph extends RichOutput {
  /** @internal */
  constructor(
    /** The drawing. */
    readonly svg: string,
    /** Its source in Graphviz's language. */
    readonly dot: string,
    private readonly words: string,
  ) {
    super();
  }

  mimeBundle(): MimeBundle {
    return { 'image/svg+xml': this.svg, 'text/plain': this.words };
  }
}

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
export async function graph(y: Tensor, names: Names = {}): Promise<Graph> {
  const trace = traceOf('graph', y, names);
  const gradients: Gradients = y.numel() === 1 ? contributions('graph', y, trace).totals : new Map();
  const dot = dotOf(trace, gradients);
  // Heavier than the rest of the library, so it is loaded by the first drawing.
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  const svg = viz.renderString(dot, { format: 'svg' });
  // Only the drawing: front ends put it into a page that has its own prologue.
  return new Graph(svg.slice(svg.indexOf('<svg')), dot, wordsOf(trace, gradients));
}

type Gradients = ReadonlyMap<Value, Tensor>;

/** Colours that are told apart on light and dark pages; the text in a box is black on both. */
const colours = { leaf: '#cfe8cf', constant: '#eceff4', result: '#dde6f7', end: '#f7e3c4', gradient: '#9a3412' };

const givenTo = ({ inputs }: Step) => inputs.filter((i) => i !== null);

/** Numbers stand in formulas; they have no box. */
const drawnOf = (step: Step) => givenTo(step).filter(({ kind }) => kind !== 'number');

const sizeOf = ({ value, shape }: Value): string => {
  if (value !== null) return short(value);
  return shape.length === 0 ? '' : `[${shape.join(' × ')}]`;
};

function dotOf(trace: Trace, gradients: Gradients): string {
  const { steps, result } = trace;
  const lines = [
    'digraph {',
    '  rankdir=LR; bgcolor="transparent"; nodesep=0.2; ranksep=0.35;',
    '  node [fontname="Helvetica", fontsize=12, shape=box, margin="0.1,0.07", color="#5b6c8f", penwidth=1];',
    '  edge [color="#5b6c8f", arrowsize=0.7];',
  ];
  const makers = makersIn(trace);
  const used = new Set([result, ...steps.flatMap(givenTo)]);
  const ids = new Map<Value, string>();
  const box = (id: string, parts: readonly string[], colour: string, style = 'filled'): void => {
    const label = parts.filter(Boolean).join('<br/>');
    lines.push(`  ${id} [style="${style}", fillcolor="${colour}", label=<${label}>];`);
  };
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
    box(id, [...wordsIn(v, labelOf(v, isAlone ? step : undefined)), ...made], colour, style);
    return id;
  };
  for (const [i, step] of steps.entries()) {
    const sources = drawnOf(step).map((v) => drawn(v, makers.get(v)));
    const isAlone = step.outputs.length === 1;
    const id = isAlone ? drawn(step.outputs[0]!, step) : `op${i}`;
    if (!isAlone) {
      box(id, [`<b>${escapeHtml(step.op.name)}</b>`, backwardOf(step)], colours.result, 'rounded,filled');
      for (const output of step.outputs) if (used.has(output)) lines.push(`  ${id} -> ${drawn(output, step)};`);
    }
    for (const source of sources) lines.push(`  ${source} -> ${id};`);
  }
  return [...lines, '}'].join('\n');
}

const backwardOf = ({ node }: Step): string => `<font point-size="9">${escapeHtml(node.name)}</font>`;

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
