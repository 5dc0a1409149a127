// What is used here of plotly's figures, and of what plotly keeps at the node of a plot.

/** A layout, of which little is known: figures of any maker are shown. */
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

/** An axis of a plane: where it is drawn, in pixels of the figure, and where a value lies along it. */
export interface PlaneAxis {
  _offset: number;
  _length: number;
  d2p(value: number): number;
  p2d(pixels: number): number;
}

/** An element that holds a plot. */
export interface PlotNode extends HTMLElement {
  _fullLayout?: PlotLayout;
  /** It is another one for another plot in the same node. */
  _ev?: unknown;
  on(event: string, act: () => void): void;
}

/** plotly.js, which the renderer has loaded before it makes a plot. */
export const plotly = (): { relayout(node: HTMLElement, change: object): Promise<void> } =>
  (window as unknown as { Plotly: ReturnType<typeof plotly> }).Plotly;
