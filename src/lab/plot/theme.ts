/**
 * One look for all figures. Everything that must fit together is decided here: sizes in pixels, margins, and the
 * positions of title, legend and sliders, so that nothing overlaps.
 */
import { formatNumber } from '../../display';
import { activationLooks, type Look, palette, stopped } from './colors';
import type { PlotlyLayout, PlotlyTrace } from './figure';
import { wordsOf } from './title';

export { activationLooks, type Look, palette, stopped };

/** The light half of that hue, on which contour lines, paths and arrows of every colour are visible. */
export const paleScale: [number, string][] = [
  [0, '#F3F8FC'],
  [0.5, '#C3DAED'],
  [1, '#84B2D8'],
];

/** The same in grey, for figures whose paths need all the colours. */
export const greyScale: [number, string][] = [
  [0, '#F6F6F6'],
  [0.5, '#DADADA'],
  [1, '#B4B4B4'],
];

/** Colours of paths: those of the palette that differ most from the blue beneath them. */
export const pathColors: readonly string[] = ['#D55E00', '#7A1FA2', '#009E73', '#CC79A7'];

/** Marker shapes that plotly has in two and in three dimensions, changed together with the colours of paths. */
export const symbols: readonly string[] = ['circle', 'square', 'diamond', 'cross'];

/** Line styles, changed together with the colours so that a grey print stays readable. */
export const dashes: readonly string[] = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'];

/** One hue from light (low) to dark (high): paths and arrows in warm colours are visible everywhere on it. */
export const lossScale: [number, string][] = [
  [0, '#DCE9F5'],
  [0.25, '#A9CAE5'],
  [0.5, '#6FA5D1'],
  [0.75, '#3A78B3'],
  [1, '#123F76'],
];

/** The ground of a landscape, from its floor up: paths in orange and red, and white lines, are visible on it. */
export const groundScale: [number, string][] = [
  [0, '#232C6B'],
  [0.02, '#2B4A8F'],
  [0.1, '#3E7FB1'],
  [0.3, '#74B3BF'],
  [0.6, '#B9D9BE'],
  [1, '#F1EBC4'],
];

/** Its pale half, on which contour lines, paths and arrows of every colour are visible. */
export const paleGroundScale: [number, string][] = [
  [0, '#84B2D8'],
  [0.3, '#B4D3DC'],
  [0.6, '#DCEADB'],
  [1, '#F8F5E2'],
];

/** Colours of lines on a picture's own pale background. */
export const ink = '#2B2B2B';

/** Lines that are not data, such as limits: readable on white and on a dark page. */
export const neutral = '#8A8A8A';

/** Text and grid for unknown page colours: readable on white and on a dark page. */
const anyPage = { text: '#757575', grid: 'rgba(128, 128, 128, 0.25)', frame: neutral };

const clear = 'rgba(0, 0, 0, 0)';

/**
 * The style of everything that is not data. It is plotly's template in the figure, so that a renderer that knows the
 * page's colours can replace it, as gradlab's renderer in JupyterLab does if `meta.theme` is `page`.
 */
function pageTemplate({ text, grid, frame }: typeof anyPage): PlotlyLayout {
  const line = { gridcolor: grid, zeroline: false, showline: true, mirror: true, linecolor: frame, ticks: 'outside' };
  const flat = { ...line, tickcolor: frame, automargin: false };
  const wall = { gridcolor: frame, linecolor: frame, showbackground: false, zeroline: false, showspikes: false };
  return {
    layout: {
      font: { family: fontFamily, size: 13, color: text },
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      colorway: palette,
      xaxis: flat,
      yaxis: flat,
      scene: { bgcolor: clear, xaxis: wall, yaxis: wall, zaxis: wall },
      hoverlabel: { font: { family: fontFamily, size: 12 } },
      // Names in groups, as panels have them, get rows as tall as others; plotly adds this to the 19 pixels of a name.
      legend: { tracegroupgap: legendRow - 19 },
    },
  };
}

const fontFamily = 'Arial, Helvetica, sans-serif';
const tickAndTitle = 58;
const legendRow = 24;
const sliderHeight = 74;

/** The parts of a layout that need space. */
export interface Room {
  title?: string | undefined;
  /** Names in the legend; without any it is omitted. */
  legend: readonly string[];
  /** Width of the whole figure in pixels; undefined: as wide as its place in the page. */
  width?: number | undefined;
  /** Height of the plotting area in pixels, without title, axis labels and legend. */
  plotHeight: number;
  /** Whether there are ticks and axis titles at the left and below (not in 3-D, where the scene contains them). */
  axes: boolean;
  /** Whether there is a colour bar at the right. */
  colorBar?: boolean;
}

/** The parts of a layout that all figures share. */
export function baseLayout(room: Room): PlotlyLayout {
  const title = room.title === undefined ? [] : wrap(room.title, 64);
  const top = title.length ? 24 + 22 * title.length : 24;
  const [left, right] = [room.axes ? 70 : 10, room.colorBar ? 100 : 30];
  const rows = rowsOf(
    room.legend.map((name) => 45 + 6.4 * name.length),
    (room.width ?? 700) - left - right,
  );
  const below = room.axes ? tickAndTitle : 8;
  const bottom = below + rows * legendRow + (rows ? 8 : 0);
  return {
    ...(title.length && {
      title: {
        text: title.join('<br>'),
        x: 0.02,
        xanchor: 'left',
        y: 1,
        yanchor: 'top',
        pad: { t: 14 },
        font: { size: 16 },
      },
    }),
    template: pageTemplate(anyPage),
    meta: { theme: 'page' },
    ...(room.width !== undefined && { width: room.width }),
    height: top + room.plotHeight + bottom,
    margin: { l: left, r: right, t: top, b: bottom },
    showlegend: rows > 0,
    ...(rows && { legend: { orientation: 'h', x: 0, xanchor: 'left', y: -below / room.plotHeight, yanchor: 'top' } }),
  };
}

/** Fillings of bars, changed together with the colours so that a grey print stays readable. */
export const patterns: readonly string[] = ['', '/', '.', '\\', 'x', '-', '|'];

/** From dark blue over a pale middle at 0 to orange: signed numbers. */
export const divergingScale: [number, string][] = [
  [0, '#0B4F8A'],
  [0.25, '#6FA5D1'],
  [0.5, '#F4F4F4'],
  [0.75, '#F0A35E'],
  [1, '#B84A00'],
];

/**
 * Returns the number of legend rows for these widths: if one row is too narrow, plotly gives all the widest one's
 * width.
 */
function rowsOf(widths: readonly number[], width: number): number {
  const sum = widths.reduce((total, one) => total + one, 0);
  if (sum <= width) return Math.min(widths.length, 1);
  return Math.ceil(widths.length / Math.max(1, Math.floor(width / Math.max(...widths))));
}

/** A 2-D axis: a title and, unless it is automatic, a range. A logarithmic one takes its range in powers of ten. */
export function axis(title = '', range?: [number, number], log = false): PlotlyLayout {
  const decades = range ? range[1] - range[0] : 0;
  return {
    title: { text: title, standoff: 10 },
    ...(range && { range }),
    ...(log && { type: 'log', exponentformat: 'power', ...(decades >= 2 && { dtick: Math.ceil(decades / 8) }) }),
    // Plotly draws powers of ten a quarter larger than other numbers, which would push the title out of the picture.
    ...(log && { tickfont: { size: 10.5 } }),
  };
}

/**
 * Ticks of an axis of counters: only at whole numbers. Plotly chooses fractions if at most five whole numbers are
 * visible.
 */
export function wholeTicks([low, high]: readonly [number, number]): PlotlyLayout {
  return high - low <= 5 && Math.ceil(low) <= high ? { tick0: 0, dtick: 1 } : {};
}

/** A label before a number in hover text, if there is a label. */
export const prefix = (label: string | undefined): string => (label === undefined ? '' : `${label} `);

/** The colour bar at the right of a figure. */
export function colorBar(title = ''): PlotlyLayout {
  return {
    title: { text: title, side: 'top' },
    thickness: 14,
    len: 1,
    y: 0.5,
    x: 1.02,
    xanchor: 'left',
    outlinewidth: 0,
  };
}

/** One step of a slider, in plotly's format. */
export interface SliderStep {
  label: string;
  method: 'animate' | 'relayout';
  args: unknown[];
}

/** Milliseconds that a playing slider stays at each value: enough to look at a figure, without flicker. */
export const defaultStay = 700;
/** A slider's value and its buttons are side by side, and the buttons are taller. */
const buttonRow = 10;

/** Buttons, recognised by their signs, that play a figure's frames and stop; plotly's own, for any page. */
function playButtons(below: number, stay: number): PlotlyLayout {
  const button = (name: string, label: string, frames: unknown, duration: number): PlotlyLayout => ({
    name,
    label,
    method: 'animate',
    args: [
      frames,
      { mode: 'immediate', fromcurrent: true, frame: { duration, redraw: true }, transition: { duration: 0 } },
    ],
  });
  return {
    type: 'buttons',
    direction: 'left',
    showactive: false,
    buttons: [button('play', '►', null, stay), button('pause', '❚❚', [null], 0)],
    x: 1,
    xanchor: 'right',
    y: 0,
    yanchor: 'top',
    pad: { t: below, r: 8 },
    font: { size: 11 },
    bgcolor: clear,
    bordercolor: neutral,
  };
}

/**
 * Adds a slider below a figure and makes the figure taller by its height. With `play`, buttons are above its right end,
 * and its steps are the figure's frames.
 */
export function withSlider(
  layout: PlotlyLayout,
  name: string,
  steps: SliderStep[],
  active: number,
  play: number | false = false,
): PlotlyLayout {
  const {
    margin,
    height,
    sliders = [],
  } = layout as {
    margin: { b: number };
    height: number;
    sliders?: PlotlyLayout[];
  };
  const slider = {
    active,
    steps,
    x: 0,
    len: 1,
    y: 0,
    yanchor: 'top',
    pad: { t: margin.b, b: 0, l: 8, r: 8 },
    currentvalue: { prefix: `${name}: `, font: { size: 13 }, xanchor: 'left', ...(play && { offset: 10 + buttonRow }) },
    font: { size: 10 },
    tickcolor: neutral,
    bordercolor: neutral,
    minorticklen: 3,
    ticklen: 5,
    transition: { duration: 0 },
  };
  const { narrow, ...meta } = (layout.meta ?? {}) as {
    narrow?: { layout?: { height: number; margin: { b: number } } };
  };
  const added = sliderHeight + (play ? buttonRow : 0);
  const lower = ({ height, margin }: { height: number; margin: { b: number } }) => ({
    height: height + added,
    margin: { ...margin, b: margin.b + added },
  });
  return {
    ...layout,
    ...(layout.meta !== undefined && {
      meta: {
        ...meta,
        ...(narrow && {
          narrow: {
            ...narrow,
            ...(narrow.layout?.margin && { layout: { ...narrow.layout, ...lower(narrow.layout) } }),
          },
        }),
      },
    }),
    ...lower({ height, margin }),
    sliders: [...sliders, slider],
    ...(play && { updatemenus: [playButtons(margin.b, play)] }),
  };
}

/** The names that a figure's legend shows. */
export function legendNames(traces: readonly PlotlyTrace[]): string[] {
  return traces.filter((trace) => trace.showlegend === true).map((trace) => trace.name ?? '');
}

/** Breaks a title into lines of at most `width` characters, at spaces outside asterisks. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of wordsOf(text)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A number with a typographic minus instead of a hyphen. */
export const withMinus = (text: string): string => text.replaceAll('-', '−');

/** A number for a figure, with this many digits. */
export const printed = (value: number, digits?: number): string => withMinus(formatNumber(value, digits));
