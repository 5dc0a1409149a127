import { type MimeBundle, RichOutput } from '../display';
import type { Tensor } from '../tensor/tensor';
import { type Names, type Step, type Trace, traceOf, type Value } from './trace';

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
 * Draws the operations behind `y`: leaves as boxes, operations as ovals with the name of their backward node, and on
 * each arrow the shape of what flows along it. Arrows point the way the computation ran; gradients flow against them.
 * `names` says what to call the tensors you know. Drawn by Graphviz.
 *
 * @example
 * const x = tensor([3, 4], { requiresGrad: true });
 * show(await graph(x.pow(2).sum(), { x }));
 * @throws {AutogradError} if `y` has no history.
 */
export async function graph(y: Tensor, names: Names = {}): Promise<Graph> {
  const trace = traceOf('graph', y, names);
  const dot = dotOf(trace, names);
  // Heavier than the rest of the library, so it is loaded by the first drawing.
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  const svg = viz.renderString(dot, { format: 'svg' });
  // Only the drawing: front ends put it into a page that has its own prologue.
  return new Graph(svg.slice(svg.indexOf('<svg')), dot, wordsOf(trace));
}

const quote = (text: string) => `"${text.replace(/"/g, '\\"')}"`;
const size = (shape: readonly number[]) => (shape.length === 0 ? '' : `[${shape.join(', ')}]`);

const givenTo = ({ inputs }: Step) => inputs.filter((i) => i !== null);

function dotOf({ steps, result }: Trace, names: Names): string {
  const lines = [
    'digraph {',
    // A long chain side by side would be too wide for a page.
    `  rankdir=${steps.length > 4 ? 'TB' : 'LR'}; bgcolor="transparent"; nodesep=0.25; ranksep=0.45;`,
    '  node [fontname="Helvetica", fontsize=12, style=filled, color="#5b6c8f", penwidth=1];',
    '  edge [fontname="Helvetica", fontsize=10, color="#5b6c8f", fontcolor="#5b6c8f", arrowsize=0.7];',
  ];
  const ids = new Map<Value, string>();
  /** Declares a value's own box when it is first used, and gives its id. */
  const source = (v: Value): string => {
    const known = ids.get(v);
    if (known !== undefined) return known;
    const id = `value${ids.size}`;
    ids.set(v, id);
    const colour = v.kind === 'leaf' ? '#cfe8cf' : '#eceff4';
    lines.push(
      `  ${id} [shape=box, fillcolor="${colour}", label=${quote([v.name, size(v.shape)].filter(Boolean).join('\\n'))}];`,
    );
    return id;
  };
  steps.forEach((step, i) => {
    const id = `op${i}`;
    const known = step.outputs.filter((o) => o !== result && o.name in names).map((o) => o.name);
    lines.push(`  ${id} [shape=oval, fillcolor="#dde6f7", label=${quote([step.node.name, ...known].join('\\n'))}];`);
    for (const input of givenTo(step)) lines.push(`  ${source(input)} -> ${id} [label=${quote(size(input.shape))}];`);
    for (const output of step.outputs) ids.set(output, id);
  });
  lines.push(
    `  y [shape=box, fillcolor="#f7e3c4", label=${quote([result.name, size(result.shape)].filter(Boolean).join('\\n'))}];`,
  );
  lines.push(`  ${ids.get(result)} -> y;`, '}');
  return lines.join('\n');
}

function wordsOf({ steps, result }: Trace): string {
  const line = steps.map(
    (s) =>
      `${s.outputs.map((o) => o.name).join(', ')} = ${s.op.name}(${givenTo(s)
        .map((i) => i.name)
        .join(', ')})`,
  );
  return [`graph of ${result.name}, ${steps.length} operations`, ...line.map((l) => `  ${l}`)].join('\n');
}
