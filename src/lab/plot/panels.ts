import { describe } from '../../describe';
import { PlotError } from '../../errors';
import { Figure, hasOwnColour, type PlotlyLayout, type PlotlyTrace } from './figure';
import { baseLayout, dashes, legendNames, palette, wrap } from './theme';

/** Options of {@link panels}. */
export interface PanelsOptions {
  /** Number of columns. Default: all, at most three. */
  columns?: number;
  /** Relative widths of the columns. Default: all equal. */
  widths?: readonly number[];
  /** The line above all of them. Default: none. */
  title?: string;
  /** Height of each row's drawing in pixels; titles, axis labels and legend come on top. Default: 300. */
  height?: number;
}

/** Pixels around a panel's drawing: ticks and axis titles, one line of its title, and padding. */
const room = { left: 64, right: 16, below: 58, titleRow: 19, bare: 16 };
/** The assumed width for the layout; cells of a notebook are rarely narrower. */
const pageWidth = 720;
/** Below this page width per column the panels stack. */
const leastColumn = 230;
/** Except in the column of the static pages, 896 pixels wide, which fits up to four. */
const pageColumn = 880;
/** Approximate width of a letter of a panel's title. */
const letter = 7;

/**
 * Several figures as one: side by side, each with its own axes and its own title above it, so that one `slider` moves
 * them together. Where the page is too narrow for them they stand one below the other. A series of the same name and
 * look in several panels is named once in the legend, and no two names share a look; contours keep no colour bar
 * (hovering shows the heights).
 * @example
 * plot.panels([
 *   plot.curves([{ name: 'loss', y: [4, 1, 0.25] }], { title: 'Loss', xLabel: 'step' }),
 *   plot.curves([{ name: 'weight', y: [2, 1, 0.5] }], { title: 'Weight', xLabel: 'step' }),
 * ])
 * @throws {PlotError} if there are no figures, one of them has a slider, or `columns` or `widths` do not fit.
 */
export function panels(figures: readonly Figure[], options: PanelsOptions = {}): Figure {
  checkFigures(figures);
  const { columns = Math.min(3, figures.length), title, height = 300 } = options;
  if (!Number.isInteger(columns) || columns < 1) {
    throw new PlotError(`panels: columns must be a whole number above 0, got ${columns}`);
  }
  const { widths = Array.from({ length: columns }, () => 1) } = options;
  if (widths.length !== columns || !widths.every((width) => width > 0)) {
    throw new PlotError(`panels: widths needs one positive number for each of ${columns} columns, got [${widths}]`);
  }
  const own = toldApart(figures.map((figure, i) => renamed(figure, i)));
  const data = namedOnce(own.flatMap((panel) => panel.data));
  const frame = { title, legend: legendNames(data), height };
  const wide = arrange(own, widths, frame);
  const layout: PlotlyLayout = { ...wide.layout };
  for (const { axes } of own)
    for (const [key, axis] of Object.entries(axes)) layout[key] = { ...axis, ...wide.places[key] };
  layout.annotations = wide.titles;
  if (columns > 1 && figures.length > 1) {
    const { layout: stacked, places } = arrange(own, [1], frame);
    const { height: tall, legend, margin } = stacked;
    const narrow = {
      below: Math.min(columns * leastColumn, pageColumn),
      layout: { height: tall, margin, ...(legend ? { legend } : {}), ...places },
    };
    layout.meta = { ...(layout.meta as PlotlyLayout), narrow };
  }
  // The others may be covered until a choice, while photographs alone are visible.
  if (figures.some((figure) => (figure.layout.meta as PlotlyLayout | undefined)?.colourless === true)) {
    layout.meta = { ...(layout.meta as PlotlyLayout), colourless: true };
  }
  const words = figures.map(({ description }, i) => `Panel ${i + 1}: ${description}`);
  return new Figure({ data, layout, description: [title && `${title}.`, ...words].filter(Boolean).join(' ') });
}

function checkFigures(figures: readonly Figure[]): void {
  if (!Array.isArray(figures)) throw new PlotError(`panels: expected a list of figures, got ${describe(figures)}`);
  if (!figures.length) throw new PlotError('panels: expected at least one figure, got none');
  for (const [i, figure] of figures.entries()) {
    if (!(figure instanceof Figure)) throw new PlotError(`panels: item ${i} of the list is not a figure`);
    if (figure.frames.length || figure.layout.sliders) {
      throw new PlotError(`panels: figure ${i} has a slider of its own; put the slider around the panels`);
    }
  }
}

interface Panel {
  data: PlotlyTrace[];
  /** Its axes, or its scene, by their names in the whole figure. */
  axes: Record<string, PlotlyLayout>;
  title: string | undefined;
  is3d: boolean;
}

/** The figure's traces and axes with the names of panel `i`. */
function renamed(figure: Figure, i: number): Panel {
  const number = i === 0 ? '' : String(i + 1);
  const is3d = figure.layout.scene !== undefined;
  const target = is3d ? { scene: `scene${number}` } : { xaxis: `x${number}`, yaxis: `y${number}` };
  const data = figure.data.map(({ colorbar, ...trace }): PlotlyTrace => {
    const { legendgroup } = trace;
    return {
      ...(trace as PlotlyTrace),
      ...target,
      ...(colorbar !== undefined && { showscale: false }),
      ...(typeof legendgroup === 'string' && { legendgroup: `${i} ${legendgroup}` }),
    };
  });
  const { scene, xaxis, yaxis, title } = figure.layout as Record<string, PlotlyLayout | undefined>;
  const flat = (axis: PlotlyLayout, anchor: string): PlotlyLayout => {
    const { scaleanchor } = axis;
    const together =
      typeof scaleanchor === 'string' ? { scaleanchor: `${scaleanchor[0]}${number}`, constraintoward: 'top' } : {};
    return { ...axis, anchor, ...together };
  };
  const axes: Record<string, PlotlyLayout> = is3d
    ? { [`scene${number}`]: smaller(scene!) }
    : { [`xaxis${number}`]: flat(xaxis ?? {}, `y${number}`), [`yaxis${number}`]: flat(yaxis ?? {}, `x${number}`) };
  const text = title?.text;
  if (is3d && typeof text === 'string') {
    // A title is attached to zero-height axes, which move with the page; a scene has none, so it gets hidden ones along
    // its top.
    data.push({ type: 'scatter', x: [null], y: [null], xaxis: `x${number}`, yaxis: `y${number}`, showlegend: false });
    axes[`xaxis${number}`] = { visible: false, fixedrange: true, anchor: `y${number}` };
    axes[`yaxis${number}`] = { visible: false, fixedrange: true, anchor: `x${number}` };
  }
  return { data, axes, is3d, title: typeof text === 'string' ? text.replaceAll('<br>', ' ') : undefined };
}

/** Whether the left side has no labels. */
const isBare = ({ axes, is3d }: Panel): boolean =>
  !is3d && Object.entries(axes).every(([key, axis]) => !key.startsWith('yaxis') || axis.showticklabels === false);

/** A small scene, with small text. */
function smaller(scene: PlotlyLayout): PlotlyLayout {
  const smallPrint = (key: string, more: PlotlyLayout = {}) => {
    const axis = scene[key] as PlotlyLayout;
    return { [key]: axis.visible === false ? axis : { ...axis, tickfont: { size: 10 }, nticks: 5, ...more } };
  };
  // The title of the height would be outside the panel.
  return { ...scene, ...smallPrint('xaxis'), ...smallPrint('yaxis'), ...smallPrint('zaxis', { title: { text: '' } }) };
}

interface Look {
  color?: string;
  dash?: string;
  symbol?: string | readonly string[];
}

/** The look of the trace in the legend: of several symbols, such as those of arrows, it shows the first. */
function lookOf({ line, marker, type, mode }: PlotlyTrace): string {
  const { color, dash } = (line ?? marker ?? {}) as Look;
  return JSON.stringify([type, mode, color, dash, [((marker ?? {}) as Look).symbol].flat()[0]]);
}

/**
 * Returns the panels; a line or point that looks like another name in the legend gets the next free colour, unless its
 * colour was explicit.
 */
function toldApart(own: readonly Panel[]): Panel[] {
  const inLegend = own.flatMap(({ data }) => data.filter((trace) => trace.showlegend === true));
  const used = new Set(inLegend.map(({ line, marker }) => ((line ?? marker ?? {}) as Look).color));
  const asked = inLegend.filter((trace) => trace[hasOwnColour]);
  const owners = new Map(asked.map((trace): [string, string | undefined] => [lookOf(trace), trace.name]));
  return own.map((panel) => {
    const data = [...panel.data];
    for (const trace of data) {
      if (trace.showlegend !== true || trace.type !== 'scatter' || trace[hasOwnColour]) continue;
      const look = lookOf(trace);
      const owner = owners.has(look) ? owners.get(look) : trace.name;
      owners.set(look, owner);
      const color = palette.find((one) => !used.has(one));
      if (owner === trace.name || color === undefined) continue;
      used.add(color);
      data.forEach((other, k) => {
        if (other.name === trace.name || other.name === `${trace.name}, range`) data[k] = recoloured(other, color);
      });
    }
    return { ...panel, data };
  });
}

/** The trace with another colour of the palette and its dashes. */
function recoloured(trace: PlotlyTrace, color: string): PlotlyTrace {
  const { line, marker, fillcolor } = trace as PlotlyTrace & { line?: Look; marker?: Look; fillcolor?: string };
  return {
    ...trace,
    ...(line?.color && { line: { ...line, color, dash: dashes[palette.indexOf(color) % dashes.length] } }),
    ...(marker?.color && { marker: { ...marker, color } }),
    ...(fillcolor && { fillcolor: `${color}${fillcolor.slice(7)}` }),
  };
}

/** Of traces with the same look, only the first is in the legend and toggles all; a map's path does so for its line. */
function namedOnce(data: readonly PlotlyTrace[]): PlotlyTrace[] {
  const seen = new Set<string>();
  const colorOf = ({ line }: PlotlyTrace) => (line as Look | undefined)?.color;
  const paths = data.filter(({ mode, showlegend }) => mode === 'lines+markers' && showlegend === true);
  return data.map((trace) => {
    if (trace.showlegend !== true || trace.legendgroup !== undefined) return trace;
    const isLine = trace.mode === 'lines';
    const path = paths.find((one) => isLine && one.name === trace.name && colorOf(one) === colorOf(trace));
    const look = `${trace.name} ${lookOf(path ?? trace)}`;
    const isFirst = !seen.has(look);
    seen.add(look);
    return { ...trace, legendgroup: look, showlegend: isFirst };
  });
}

/** The positions of everything, with columns of these relative widths. */
function arrange(
  own: readonly Panel[],
  widths: readonly number[],
  { title, legend, height }: { title: string | undefined; legend: readonly string[]; height: number },
) {
  const columns = widths.length;
  const rows = Math.ceil(own.length / columns);
  const sum = widths.reduce((a, b) => a + b, 0);
  // A column of pictures, without numbers on the left, needs no space for them.
  const lefts = widths.map((_, column) =>
    own.every((panel, i) => i % columns !== column || isBare(panel)) ? room.bare : room.left,
  );
  const between = (column: number) => lefts.slice(1, column + 1).reduce((total, left) => total + left + room.right, 0);
  const area = pageWidth - lefts[0]! - room.right;
  const drawn = area - between(columns - 1);
  const texts = own.map((panel, i) => {
    const width = (drawn * widths[i % columns]!) / sum + room.right;
    return panel.title === undefined ? [] : wrap(panel.title, Math.floor(width / letter));
  });
  const above = Array.from({ length: rows }, (_, row) => {
    const lines = texts.slice(row * columns, (row + 1) * columns).map((text) => text.length);
    return Math.max(...lines) * room.titleRow;
  });
  const gaps = above.slice(1).reduce((total, titles) => total + titles + room.below, 0);
  const plotHeight = rows * height + gaps;
  const base = baseLayout({ title, legend, plotHeight, axes: true });
  const margin = base.margin as { t: number };
  const layout = {
    ...base,
    height: (base.height as number) + above[0]!,
    margin: { ...margin, t: margin.t + above[0]!, l: lefts[0], r: room.right },
  } as PlotlyLayout;
  const places: Record<string, PlotlyLayout> = {};
  const titles: PlotlyLayout[] = [];
  let top = 0;
  own.forEach((panel, i) => {
    const column = i % columns;
    if (i > 0 && column === 0) top += height + room.below + above[i / columns]!;
    const before = widths.slice(0, column).reduce((a, b) => a + b, 0);
    const left = (drawn * before) / sum + between(column);
    const share = (pixels: number, whole: number) => Math.round((1e4 * pixels) / whole) / 1e4;
    const x = [share(left, area), share(left + (drawn * widths[column]!) / sum, area)];
    const y = [share(plotHeight - top - height, plotHeight), share(plotHeight - top, plotHeight)];
    for (const key of Object.keys(panel.axes)) {
      const flat = key.startsWith('xaxis') ? x : panel.is3d ? [share(plotHeight - top - 1, plotHeight), y[1]] : y;
      places[key] = { domain: key.startsWith('scene') ? { x, y } : flat };
    }
    if (!texts[i]!.length) return;
    const number = i === 0 ? '' : i + 1;
    titles.push({
      text: texts[i]!.join('<br>'),
      xref: `x${number} domain`,
      yref: `y${number} domain`,
      x: 0,
      y: 1,
      xanchor: 'left',
      yanchor: 'bottom',
      yshift: 3,
      align: 'left',
      showarrow: false,
      font: { size: 14 },
    });
  });
  return { layout, places, titles };
}
