// The parts of plotly's figures and plot nodes that page/ uses.
import type * as PlotlyModule from 'plotly.js';
import type { KeptMap, NodePlayer } from './player';

declare global {
  interface Window {
    Plotly: typeof PlotlyModule;
  }
}

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
  frames?: PlotFrame[];
  // biome-ignore lint/suspicious/noExplicitAny: plotly's JSON has no types here
  [attribute: string]: any;
}

/** What a slider shows at one of its values: changes of some traces, and of the layout. */
export interface PlotFrame {
  name: string;
  data?: Partial<PlotTrace>[];
  /** The traces that `data` changes. */
  traces?: number[];
  layout?: Partial<PlotLayout>;
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
  /** What plotly was given, with the changes since then. */
  data: PlotTrace[];
  layout: PlotLayout;
  /** The same with plotly's defaults, once it is drawn; arrays that were encoded as bytes are decoded. */
  _fullLayout?: PlotLayout;
  _fullData?: PlotTrace[];
  /** plotly's event emitter; each new plot in the node has its own. */
  _ev?: unknown;
  on<Event>(event: string, act: (event: Event) => void): void;
  /** The player of the plot, which stays with its node, and the maps that are kept while plotly redraws them: see player.ts. */
  gradlabPlayer?: NodePlayer;
  gradlabKept?: KeptMap[];
  gradlabMaps?: Promise<unknown>;
}

/** An element that plotly drew for an item of data, which d3 notes at the element. */
export type DrawnFor<Item, Kind extends Element = Element> = Kind & { readonly __data__?: Item };

/** plotly.js, which the renderer loads before it makes a plot. Its own types ask for more of a figure than is known here. */
export interface Plotly {
  newPlot(node: HTMLElement, data: PlotTrace[], layout: PlotLayout, config?: object): Promise<unknown>;
  react(node: HTMLElement, data: PlotTrace[], layout: PlotLayout, config?: object): Promise<unknown>;
  relayout(node: HTMLElement, change: object): Promise<unknown>;
  restyle(node: HTMLElement, change: object, traces: number[]): Promise<unknown>;
  addFrames(node: HTMLElement, frames: PlotFrame[]): Promise<unknown>;
  animate(node: HTMLElement, frame: PlotFrame, options: object): Promise<unknown>;
  purge(node: HTMLElement): void;
  toImage(node: HTMLElement | object, options: object): Promise<string>;
  readonly Plots: { resize(node: HTMLElement): void };
}

export const plotly = (): Plotly => window.Plotly as unknown as Plotly;
