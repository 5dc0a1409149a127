/**
 * Marks: the traces of figures, from channels. A mark has no hover text and no place in the legend, unless it asks for
 * them. Names and values of attributes are plotly's.
 */
import type { hasOwnColour, PlotlyTrace } from './figure';

/** The numbers, or the names of places on an axis, of a channel; null leaves a gap. */
export type Channel = readonly (number | string | null | undefined)[];

/** One value for a whole mark, or one for each of its points. */
type Each<T> = T | readonly T[];

/** A line. */
export interface Stroke {
  color?: string | undefined;
  width?: number;
  dash?: string | undefined;
  shape?: string;
  /** Whether plotly leaves out points that would not be seen. Default: true. */
  simplify?: boolean;
}

/** Letters. */
export interface Letters {
  size?: number;
  color?: Each<string> | undefined;
}

/** Dots, in plotly's shapes. */
export interface Dots {
  color?: Each<string | number> | undefined;
  size?: Each<number>;
  symbol?: Each<string> | undefined;
  opacity?: number;
  line?: { color?: Each<string>; width?: Each<number> };
  /** Degrees from up, clockwise. */
  angle?: readonly number[];
  angleref?: 'previous';
  cmin?: number;
  cmax?: number;
  colorscale?: readonly (readonly [number, string])[];
}

/** What all kinds of marks have. */
interface Shown {
  name?: string | undefined;
  /** The text at the pointer, in plotly's template; `true` for plotly's own text. Default: none. */
  hover?: string | true | undefined;
  /** Shows only the name, or only `text`, at the pointer. */
  hoverinfo?: 'name' | 'text';
  /** The text at the pointer for each point, without a template. Default: none. */
  hovertext?: readonly string[];
  customdata?: Channel;
  text?: Each<string | null>;
  textfont?: Letters;
  opacity?: number;
  /** The axes' keys, in figures with several panels. */
  xaxis?: string;
  yaxis?: string;
  /** What gradlab's renderer knows the trace by. */
  meta?: object;
  visible?: boolean | 'legendonly';
  [hasOwnColour]?: boolean;
}

/** Bars along `y` or, with `orientation: 'h'`, along `x`. */
export interface Bars extends Shown {
  x?: Channel;
  y?: Channel;
  orientation?: 'h';
  /** The places where bars begin. Default: 0. */
  base?: Channel;
  width?: Each<number>;
  marker?: Pick<Dots, 'color' | 'opacity' | 'line'> & { pattern?: { shape: string; solidity: number } };
  textposition?: Each<string>;
  textangle?: number;
  insidetextanchor?: 'middle';
  constraintext?: 'none';
  legend?: boolean | undefined;
  cliponaxis?: boolean;
}

/** Coloured cells, row by row. */
export interface CellsMark extends Omit<Shown, 'text'> {
  x?: Channel;
  y?: Channel;
  z: readonly (readonly (number | null)[])[] | object;
  zmin: number;
  zmax: number;
  colorscale: readonly (readonly [number, string])[];
  /** The bar that explains the colours. Default: none. */
  colorbar?: object;
  /** Pixels between cells. Default: 0. */
  gap?: number;
  zsmooth?: 'best';
  text?: readonly (readonly (string | null)[])[];
  texttemplate?: string;
}

/** Points of a plane or, with `z`, of space; their line, dots and text. */
export interface Points extends Shown {
  x?: Channel;
  y?: Channel;
  z?: Channel;
  line?: Stroke;
  marker?: Dots;
  textposition?: Each<string>;
  /** Plotly's word for the parts that are drawn. Default: those that have a look: `line`, `marker`, `text`. */
  mode?: string;
  fill?: 'toself' | 'tozeroy' | 'tonexty';
  fillcolor?: string;
  hoveron?: 'points' | 'fills';
  /** Whether there is an entry in the legend. Default: false. */
  legend?: boolean | undefined;
  /** Entries of the legend with the same group switch each other. */
  legendgroup?: string;
  /** Whether plotly cuts it at the edge of the axes. Default: true. */
  cliponaxis?: boolean;
}

/** Returns the points as a trace: its kind follows from the channels, and what is drawn from the looks. */
export function mark({ hover, legend = false, ...points }: Points): PlotlyTrace {
  const { line, marker, text, z } = points;
  const mode = [line && 'lines', marker && 'markers', text && 'text'].filter(Boolean).join('+');
  return { type: z ? 'scatter3d' : 'scatter', mode, ...hoverOf(hover, points), ...points, showlegend: legend };
}

/** Returns bars as a trace. */
export const barMark = ({ hover, legend = false, ...bars }: Bars): PlotlyTrace => ({
  type: 'bar',
  ...hoverOf(hover, bars),
  ...bars,
  showlegend: legend,
});

/** Returns cells as a trace. */
export const cellMark = ({ hover, gap, ...cells }: CellsMark): PlotlyTrace => ({
  type: 'heatmap',
  ...hoverOf(hover, cells),
  ...(!cells.colorbar && { showscale: false }),
  ...(gap !== undefined && { xgap: gap, ygap: gap }),
  ...cells,
});

/** The attributes of hover text. */
function hoverOf(hover: Shown['hover'], { hovertext }: Pick<Shown, 'hovertext'>) {
  if (hover === undefined) return { hoverinfo: hovertext ? 'text' : 'skip' };
  return hover === true ? {} : { hovertemplate: hover };
}

/** The sides of a rectangle. */
export interface Sides {
  left: number;
  right: number;
  bottom: number;
  top: number;
}

/** Returns the channels of closed rectangles, as one line with gaps. */
export const rectangles = (list: readonly Sides[]): { x: Channel; y: Channel } => ({
  x: orNowhere(list.flatMap(({ left, right }) => [left, right, right, left, left, null])),
  y: orNowhere(list.flatMap(({ bottom, top }) => [bottom, bottom, top, top, bottom, null])),
});

/** Plotly does not draw a trace without points, and a slider could not fill it. */
export const orNowhere = <T>(list: readonly T[]): readonly (T | null)[] => (list.length ? list : [null]);
