import { type MimeBundle, RichOutput } from '../../display';
import { colouredTitle, plainTitle } from './title';

/** Marks a trace with an explicit colour, which is kept when figures are combined; JSON omits it. */
export const hasOwnColour: unique symbol = Symbol('hasOwnColour');

/** One trace of a figure in plotly's JSON. */
export interface PlotlyTrace {
  type: string;
  name?: string;
  [hasOwnColour]?: boolean;
  [attribute: string]: unknown;
}

/** A layout, or a part of one, in plotly's JSON. */
export interface PlotlyLayout {
  [attribute: string]: unknown;
}

/** One precomputed state of a figure with a slider: new values for the traces numbered in `traces`. */
export interface PlotlyFrame {
  name: string;
  data: PlotlyTrace[];
  traces: number[];
  layout?: PlotlyLayout;
}

/** The content of `application/vnd.plotly.v1+json`. */
export interface PlotlyJson {
  data: PlotlyTrace[];
  layout: PlotlyLayout;
  frames?: PlotlyFrame[];
}

/** Figures of one kind between which buttons switch, by name. */
export interface FigureSettings {
  readonly label: string;
  /** The name of the shown one. */
  readonly open: string;
  readonly figures: ReadonlyMap<string, Figure>;
}

/** The description for `ask` of a figure that computes its own states instead of frames. */
export interface SelfPlaying {
  /** The initial state. */
  readonly from: object;
  /**
   * Parses a state in an option of the user.
   * @throws {PlotError} if it is invalid
   */
  stateOf(value: unknown, option: string): object;
  /** The title of a state: the finding. */
  titleAt(state: object): string;
}

/** The MIME type by which JupyterLab, VS Code and others recognise a plotly figure. */
export const plotlyMimeType = 'application/vnd.plotly.v1+json';

/**
 * A figure: plotly's JSON and a description in words. As a cell's last expression, or through `show(figure)`, it is
 * drawn and can be turned and zoomed; a terminal and a screen reader get the description.
 */
export class Figure extends RichOutput {
  readonly data: PlotlyTrace[];
  readonly layout: PlotlyLayout;
  readonly frames: PlotlyFrame[];
  /** The values of {@link slider}, one for each frame; undefined without one. Not part of the JSON. */
  readonly values: readonly unknown[] | undefined;
  /** The figures between which buttons switch, including itself. */
  readonly settings: FigureSettings | undefined;
  /** The states of a live figure; not part of the JSON. */
  readonly plays: SelfPlaying | undefined;
  /** The description of the figure: title, axes with ranges, the content of each trace. */
  readonly description: string;

  /** Takes plotly's `data`, `layout` and `frames`; `description` defaults to the title and a list of the traces. */
  constructor(
    parts: Partial<PlotlyJson> & {
      description?: string | undefined;
      values?: readonly unknown[] | undefined;
      plays?: SelfPlaying | undefined;
      settings?: FigureSettings | undefined;
    },
  ) {
    super();
    this.data = parts.data ?? [];
    this.layout = parts.layout ?? {};
    this.frames = parts.frames ?? [];
    this.values = parts.values;
    this.plays = parts.plays;
    this.settings = parts.settings;
    this.description = plainTitle(parts.description ?? describe(this.data, this.layout));
  }

  /**
   * The figure as plotly's JSON. `*words*` of its titles have the colour of the trace with that name; other ones are
   * bold.
   */
  toJSON(): PlotlyJson {
    const data = this.data.map(({ [hasOwnColour]: _, ...trace }) => trace);
    const { frames } = this;
    const titled = <T extends PlotlyLayout | undefined>(layout: T): T =>
      layout?.title === undefined ? layout : { ...layout, title: colouredTitle(data, layout.title) };
    const layout = this.withSettings(titled(this.layout));
    if (frames.length === 0) return { data, layout };
    return {
      data,
      layout,
      frames: frames.map((frame) => (frame.layout ? { ...frame, layout: titled(frame.layout) } : frame)),
    };
  }

  /** The layout with the figures of the other settings, for the renderer. */
  private withSettings(layout: PlotlyLayout): PlotlyLayout {
    if (this.settings === undefined) return layout;
    const { label, open, figures } = this.settings;
    const names = [...figures.keys()];
    const settings = {
      label,
      open: names.indexOf(open),
      names,
      figures: names.map((name) => (name === open ? null : figures.get(name)!.toJSON())),
    };
    return { ...layout, meta: { ...(layout.meta as PlotlyLayout), settings } };
  }

  mimeBundle(): MimeBundle {
    return { [plotlyMimeType]: this.toJSON(), 'text/plain': this.description };
  }

  /** Under stock tslab the last expression is text only; this tells the reader how to see the figure. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const scope = globalThis as { Jupyter?: unknown; __tslab__?: unknown };
    const textOnly = scope.__tslab__ !== undefined && scope.Jupyter === undefined;
    return textOnly ? `${this.description}\n(show(figure) draws it here.)` : this.description;
  }
}

function describe(data: readonly PlotlyTrace[], layout: PlotlyLayout): string {
  const title = (layout.title as { text?: string } | undefined)?.text;
  const traces = data.map((trace) => {
    const points = Array.isArray(trace.y) ? `, ${trace.y.length} points` : '';
    return `${trace.type}${trace.name ? ` “${trace.name}”` : ''}${points}`;
  });
  return `Figure${title ? `: ${title}` : ''}. ${traces.length ? `It shows ${traces.join('; ')}.` : 'It is empty.'}`;
}
