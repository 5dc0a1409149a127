/**
 * One look for all figures. Everything that has to fit together is decided here: sizes in pixels, margins, and where
 * title, legend and sliders go, so that nothing overlaps.
 */
import type { PlotlyLayout, PlotlyTrace } from './figure';

/** Okabe and Ito's palette, distinguishable with every common colour blindness, darkest hues first. */
export const palette: readonly string[] = ['#D55E00', '#0072B2', '#009E73', '#CC79A7', '#000000', '#E69F00', '#56B4E9'];

/** The light half of that hue, on which contour lines, paths and arrows of every colour can be told apart. */
export const paleScale: [number, string][] = [
  [0, '#F3F8FC'],
  [0.5, '#C3DAED'],
  [1, '#84B2D8'],
];

/** Colours of paths: those of the palette that differ most from the blue beneath them. */
export const pathColors: readonly string[] = ['#D55E00', '#000000', '#009E73', '#CC79A7'];

/** Marker shapes that plotly has in two and in three dimensions, changed together with the colours of paths. */
export const symbols: readonly string[] = ['circle', 'square', 'diamond', 'cross'];

/** Line styles, changed together with the colours so that a grey print stays readable. */
export const dashes: readonly string[] = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'];

/** One hue from light (low) to dark (high): paths and arrows in warm colours stand out everywhere on it. */
export const lossScale: [number, string][] = [
  [0, '#DCE9F5'],
  [0.25, '#A9CAE5'],
  [0.5, '#6FA5D1'],
  [0.75, '#3A78B3'],
  [1, '#123F76'],
];

export const ink = '#2B2B2B';
export const gridColor = '#DADADA';

const fontFamily = 'Arial, Helvetica, sans-serif';
const tickAndTitle = 58;
const legendRow = 24;
const sliderHeight = 74;

/** What a layout has to leave room for. */
export interface Room {
  title?: string | undefined;
  /** Names in the legend; it is left out when empty. */
  legend: readonly string[];
  /** Width of the whole figure in pixels; undefined: as wide as its place in the page. */
  width?: number | undefined;
  /** Height of the plotting area in pixels, without title, axis labels and legend. */
  plotHeight: number;
  /** Whether there are ticks and axis titles at the left and below (not in 3-D, where the scene holds them). */
  axes: boolean;
  /** Whether there is a colour bar at the right. */
  colorBar?: boolean;
}

/** The parts of a layout that all figures share. */
export function baseLayout(room: Room): PlotlyLayout {
  const title = room.title === undefined ? [] : wrap(room.title, 64);
  const top = title.length ? 24 + 22 * title.length : 24;
  const legendWidth = (room.width ?? 700) - 100;
  const rows = Math.ceil(room.legend.reduce((sum, name) => sum + 60 + 7.5 * name.length, 0) / legendWidth);
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
    font: { family: fontFamily, size: 13, color: ink },
    paper_bgcolor: '#FFFFFF',
    ...(room.axes && { plot_bgcolor: '#FFFFFF' }),
    ...(room.width !== undefined && { width: room.width }),
    height: top + room.plotHeight + bottom,
    margin: { l: room.axes ? 70 : 10, r: room.colorBar ? 100 : 30, t: top, b: bottom },
    showlegend: rows > 0,
    ...(rows && { legend: { orientation: 'h', x: 0, xanchor: 'left', y: -below / room.plotHeight, yanchor: 'top' } }),
    hoverlabel: { font: { family: fontFamily, size: 12 } },
  };
}

/** A 2-D axis: a title, light grid lines, a frame. A logarithmic one takes its range in powers of ten. */
export function axis(title: string, range: [number, number], log = false): PlotlyLayout {
  const decades = range[1] - range[0];
  return {
    title: { text: title, standoff: 10 },
    range,
    ...(log && { type: 'log', exponentformat: 'power', ...(decades >= 2 && { dtick: Math.ceil(decades / 8) }) }),
    // Plotly draws powers of ten a quarter larger than other numbers, which would push the title out of the picture.
    ...(log && { tickfont: { size: 10.5 } }),
    gridcolor: gridColor,
    zeroline: false,
    showline: true,
    mirror: true,
    linecolor: '#8A8A8A',
    ticks: 'outside',
    tickcolor: '#8A8A8A',
  };
}

/** The colour bar at the right of a figure. */
export function colorBar(title: string): PlotlyLayout {
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

/** One step of a slider, in plotly's words. */
export interface SliderStep {
  label: string;
  method: 'animate' | 'relayout';
  args: unknown[];
}

/** Puts one more slider under a figure and makes the figure taller by its height. */
export function withSlider(layout: PlotlyLayout, name: string, steps: SliderStep[], active: number): PlotlyLayout {
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
    currentvalue: { prefix: `${name}: `, font: { size: 13, color: ink }, xanchor: 'left' },
    font: { size: 10 },
    minorticklen: 3,
    ticklen: 5,
    transition: { duration: 0 },
  };
  return {
    ...layout,
    height: height + sliderHeight,
    margin: { ...margin, b: margin.b + sliderHeight },
    sliders: [...sliders, slider],
  };
}

/** The names that a figure's legend shows. */
export function legendNames(traces: readonly PlotlyTrace[]): string[] {
  return traces.filter((trace) => trace.showlegend === true).map((trace) => trace.name ?? '');
}

/** Breaks a title into lines of at most `width` characters, at spaces. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
