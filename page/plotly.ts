// The parts of plotly's figures and plot nodes that page/ uses.

/** A layout, loosely typed: any program may have made the figure. */
export interface PlotLayout {
  height: number;
  margin: { l: number; r: number; t: number; b: number };
  // biome-ignore lint/suspicious/noExplicitAny: plotly's JSON has no types here
  [attribute: string]: any;
}

export interface PlotTrace {
  type: string;
  name?: string;
  // biome-ignore lint/suspicious/noExplicitAny: plotly's JSON has no types here
  [attribute: string]: any;
}

export interface PlotFigure {
  data: PlotTrace[];
  layout: PlotLayout;
  // biome-ignore lint/suspicious/noExplicitAny: plotly's JSON has no types here
  [attribute: string]: any;
}

/** A 2-D axis: its position in pixels of the figure, and conversions between data and pixels. */
export interface PlaneAxis {
  _offset: number;
  _length: number;
  d2p(value: number): number;
  p2d(pixels: number): number;
}

/** An element that holds a plot. */
export interface PlotNode extends HTMLElement {
  _fullLayout?: PlotLayout;
  /** plotly's event emitter; each new plot in the node has its own. */
  _ev?: unknown;
  on(event: string, act: () => void): void;
}

/** plotly.js, which the renderer loads before it makes a plot. */
export const plotly = (): { relayout(node: HTMLElement, change: object): Promise<void> } =>
  (window as unknown as { Plotly: ReturnType<typeof plotly> }).Plotly;
