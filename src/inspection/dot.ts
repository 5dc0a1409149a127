/** Common parts of drawings of the tape: Graphviz's language, its colours and the display. */
import { escapeHtml, type MimeBundle, RichOutput, views } from '../display';
import type { Step } from './trace';

/** A graph of the tape; shows as SVG if the laboratory, "gradlab/lab", is loaded, else as a list of the operations. */
export class Graph extends RichOutput {
  /** The drawing; `undefined` if the laboratory was not loaded, which draws it. */
  readonly svg: string | undefined;
  /** Its source in Graphviz's language. */
  readonly dot: string;

  /** @internal */
  constructor(
    svg: string | undefined,
    dot: string,
    private readonly words: string,
    /** Blocks to open below the drawing. */
    private readonly blocks: readonly OpenBlock[] = [],
  ) {
    super();
    this.svg = svg;
    this.dot = dot;
  }

  mimeBundle(): MimeBundle {
    const { svg, words, blocks } = this;
    if (svg === undefined) return { 'text/plain': words };
    // JupyterLab shows pictures and folded parts even in notebooks that it does not trust.
    const html = blocks.length > 0 && {
      'text/html': `<div>${picture(svg, words)}${blocks.map(folded).join('')}</div>`,
    };
    return { ...html, 'image/svg+xml': svg, 'text/plain': words };
  }
}

/** A module that opens on a click: the drawing in which it is open, and the modules in it. @internal */
export interface OpenBlock {
  readonly name: string;
  readonly svg: string;
  readonly words: string;
  readonly blocks: readonly OpenBlock[];
}

const picture = (svg: string, words: string): string =>
  `<img alt="${escapeHtml(words)}" src="data:image/svg+xml,${encodeURIComponent(svg)}" style="max-width: 100%">`;

function folded({ name, svg, words, blocks }: OpenBlock): string {
  const inside = `<div>${picture(svg, words)}</div>${blocks.map(folded).join('')}`;
  return `<details style="margin: 2px 0 2px 12px"><summary style="cursor: pointer">${escapeHtml(name)}</summary>${inside}</details>`;
}

/** Colours that differ clearly on light and dark pages; the text in a box is black on both. @internal */
export const colours = {
  leaf: '#cfe8cf',
  constant: '#eceff4',
  result: '#dde6f7',
  end: '#f7e3c4',
  gradient: '#9a3412',
  block: '#f3e3b8',
};

/** The first lines of every drawing. @internal */
export const opening: readonly string[] = [
  'digraph {',
  '  rankdir=LR; bgcolor="transparent"; nodesep=0.2; ranksep=0.35;',
  '  node [fontname="Helvetica", fontsize=12, shape=box, margin="0.1,0.07", color="#5b6c8f", penwidth=1];',
  '  edge [color="#5b6c8f", arrowsize=0.7];',
];

/** A box with lines of HTML. @internal */
export function box(id: string, parts: readonly string[], colour: string, style = 'filled'): string {
  return `  ${id} [style="${style}", fillcolor="${colour}", label=<${parts.filter(Boolean).join('<br/>')}>];`;
}

/** Returns the name of an operation's backward node, in small print. @internal */
export const backwardOf = ({ node }: Step): string => `<font point-size="9">${escapeHtml(node.name)}</font>`;

/**
 * Returns the drawing without the prologue, as it becomes part of a page; `undefined` without the laboratory. @internal
 */
export async function rendered(dot: string): Promise<string | undefined> {
  return views.drawing?.(dot);
}
