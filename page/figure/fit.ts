// Makes a figure fit a place that is narrower than the page that it was made for: titles are wrapped, a legend gets the rows that
// it needs there, a colour bar goes below, panels go below one another, and a map to scale becomes smaller as a whole. The figure
// becomes taller. A page that has not drawn it yet asks here how tall (`heights`), so that nothing jumps: therefore widths of letters
// are estimated, not measured, and a figure changes at a few widths only.

import { labelsBelow, thinned, widthOf, wrapped } from './letters';
import type { PlotFrame, PlotLayout, PlotTrace } from './plotly';

/** At these widths, in pixels, a figure changes; besides, where it is as wide as it wants to be, and where its panels move. */
const steps = [260, 290, 320, 360, 400, 460, 520, 600, 690];
/** For about that width, and more, src/lab/plot/theme.ts plans. */
const planned = 690;

/** What fitting reads of a figure, which any program may have made. */
export interface Fitted {
  data?: PlotTrace[];
  layout?: PartialLayout;
  frames?: readonly { readonly layout?: PartialLayout }[];
}

type PartialLayout = Partial<PlotLayout>;
type Margin = PlotLayout['margin'];

/** A value at a path in plotly's words, such as `sliders[0].pad.t`. */
export type Change = [path: string, value: unknown];
/** The same of a trace, by its number. */
export type TraceChange = [trace: number, path: string, value: unknown];
type Set = (path: string, value: unknown) => void;

/** A place for texts. */
interface Place {
  width: number;
  margin: Margin;
}

/** A title in the figure: of a panel, or a name. */
interface Note {
  text: string;
  xref?: string;
  yref?: string;
  x: number;
  showarrow?: boolean;
  font?: { size?: number };
}

const stepsOf = ({ width, meta }: PartialLayout): number[] =>
  [...steps, width, meta?.narrow?.below].filter((step): step is number => step >= steps[0]!).sort((a, b) => a - b);

/** The width for which a figure in a place of some width is laid out. */
export const stepOf = ({ layout = {} }: Fitted, place: number): number =>
  stepsOf(layout).findLast((step) => step <= place) ?? steps[0]!;

const legendRow = 24;
const groupGap = 5;
const titleRow = 22;
const panelRow = 19;
const barHeight = 66;
/** Where a colour bar at the right would leave too little. */
const leastBeside = 460;

const linesOf = (text: string) => text.split('<br>').length;
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{ xaxis: { domain: [0, 1] } }` as plotly's relayout takes it: `{ 'xaxis.domain': [0, 1] }`. */
export function flat(object: object, before = ''): Change[] {
  return Object.entries(object).flatMap(([key, value]): Change[] =>
    isObject(value) ? flat(value, `${before}${key}.`) : [[before + key, value]],
  );
}

const keysOf = (path: string) => path.split(/[.[\]]+/).filter(Boolean);

type Inner = Record<string, unknown> | undefined;

/** The value in an object at a path. */
export const valueAt = (object: object, path: string): unknown =>
  keysOf(path).reduce<unknown>((inner, key) => (inner as Inner)?.[key], object);

export function setAt(object: object, path: string, value: unknown): void {
  const keys = keysOf(path);
  const last = keys.pop()!;
  let inner = object as Record<string, unknown>;
  for (const key of keys) {
    inner[key] ??= {};
    inner = inner[key] as Record<string, unknown>;
  }
  inner[last] = value;
}

/**
 * The rows of a legend with such names: where one row is too narrow, plotly gives all the widest one's width. After names in groups,
 * as panels have them, it leaves a gap.
 */
function rowsOf(names: readonly string[], width: number, gap: number): number {
  const widths = names.map((name) => 47 + gap + widthOf(name, 13));
  const sum = widths.reduce((total, one) => total + one, 0);
  if (sum <= width) return Math.min(widths.length, 1);
  return Math.ceil(widths.length / Math.max(1, Math.floor(width / Math.max(...widths))));
}

/** The names in the legend. */
const namesIn = (data: readonly PlotTrace[], { showlegend, legend }: PartialLayout): string[] =>
  showlegend === false || legend?.y === undefined
    ? []
    : data
        .filter((trace) => trace.showlegend !== false && trace.visible !== false && trace.name)
        .map(({ name }) => name!);

/** The share of its height that a figure to scale has of its width; undefined for others. */
function scaleOf({ xaxis, yaxis }: PartialLayout): number | undefined {
  if (yaxis?.scaleanchor !== 'x' || !xaxis?.range || !yaxis.range) return undefined;
  const [wide, tall] = [xaxis, yaxis].map(({ range: [low, high] }) => Math.abs(high - low));
  return ((yaxis.scaleratio ?? 1) * tall!) / wide!;
}

const isPanelTitle = ({ xref = '', showarrow, text }: Note): boolean =>
  showarrow === false && / domain$/.test(xref) && Boolean(text);

/** The axes of a panel's title: their layouts. */
const axesOf = (layout: PartialLayout, { xref = '', yref = '' }: Note) =>
  [xref, yref].map(
    (ref): { domain?: [number, number] } => layout[ref.replace(/^([xy])(\d*) domain$/, '$1axis$2')] ?? {},
  );

/** How far to the left of its panel a title may begin, and up to where it may go from there. */
function roomOf(layout: PartialLayout, note: Note, { width, margin }: Place): { left: number; room: number } {
  const [{ domain: [from, to] = [0, 1] } = {}] = axesOf(layout, note);
  const inner = width - margin.l - margin.r;
  const left = from < 0.01 ? Math.max(0, margin.l - 12) : 0;
  const right = to > 0.99 ? Math.max(0, margin.r - 12) : 0.03 * inner;
  return { left, room: left + (to - from) * inner + right };
}

/** Texts as they are wrapped; undefined where there is none. */
interface Texts {
  title: string | undefined;
  panels: (string | undefined)[];
}

/** The texts of a figure as they are wrapped: its title and those of panels, which hold on to axes. */
function wrapTexts(layout: PartialLayout, place: Place): Texts {
  const title = layout.title?.text;
  const size = layout.title?.font?.size ?? 16;
  return {
    title: typeof title === 'string' ? wrapped(title, size, place.width * 0.96 - 8) : undefined,
    panels: notesIn(layout).map((note) =>
      isPanelTitle(note) ? wrapped(note.text, note.font?.size ?? 14, roomOf(layout, note, place).room) : undefined,
    ),
  };
}

const notesIn = ({ annotations = [] }: PartialLayout): Note[] => annotations;

/** What changes of a figure in a place of some width; nothing where it is as wide as it was made for. */
export function changesFor(figure: Fitted, place: number): { layout: Map<string, unknown>; traces: TraceChange[] } {
  const { layout = {} } = figure;
  const { narrow, theme } = layout.meta ?? {};
  const step = stepOf(figure, place);
  const isTooWide = layout.width > place;
  const isNarrow = place < narrow?.below;
  const changed = new Map<string, unknown>(isNarrow && isObject(narrow.layout) ? flat(narrow.layout) : []);
  const given: TraceChange[] = isNarrow && Array.isArray(narrow.traces) ? narrow.traces : [];
  const smaller = given.filter(([i]) => i in (figure.data ?? []));
  if (isTooWide) changed.set('width', null);
  if (theme !== 'page' || !layout.margin || (step >= planned && !isTooWide))
    return { layout: changed, traces: smaller };
  // Whatever has a margin has a height, too.
  const now = structuredClone(layout) as PlotLayout;
  for (const [path, value] of changed) setAt(now, path, value);
  const set: Set = (path, value) => {
    changed.set(path, value);
    setAt(now, path, value);
  };
  const width = Math.min(layout.width ?? step, step);
  const traces = [...smaller, ...fit({ figure, now, set, width, isTooWide })];
  return { layout: changed, traces };
}

/** A figure whose layout is `now`, to be fitted into a width. */
interface Work {
  figure: Fitted;
  now: PlotLayout;
  set: Set;
  width: number;
  isTooWide: boolean;
}

/** Fits a figure; returns what changes of its traces. */
function fit({ figure: { data = [], layout = {}, frames = [] }, now, set, width, isTooWide }: Work): TraceChange[] {
  const plotHeight = now.height - now.margin.t - now.margin.b;
  // A colour bar goes from the right to below.
  const bars = data.flatMap(({ colorbar, showscale }, i) => (colorbar && showscale !== false ? [i] : []));
  const isBelow = bars.length > 0 && width < leastBeside;
  if (isBelow) set('margin.r', 24);
  // What has no axes gets even margins.
  if (now.margin.l < 12) {
    set('margin.l', 18);
    set('margin.r', Math.max(18, now.margin.r - 8));
  }
  const plotWidth = width - Math.max(now.margin.l, leftLabels(data, now)) - now.margin.r;

  const scale = scaleOf(now);
  const drawnHeight = isTooWide && scale ? Math.min(plotHeight, Math.round(plotWidth * scale)) : plotHeight;
  const above = fitTitles({ now, set, layout, frames, width });

  // Below the axes: their labels, the colour bar, the legend, buttons, sliders.
  const lower = fitCategories({ data, frames, now, set, plotWidth });
  const names = namesIn(data, now);
  const axesEnd =
    names.length > 0
      ? -now.legend.y * plotHeight
      : ((now.sliders ?? now.updatemenus)?.[0].pad.t ?? now.margin.b - (layout.meta?.row ?? 0));
  const barAt = -(axesEnd + lower) / drawnHeight;
  let below = lower + (isBelow ? barHeight : 0);
  if (now.legend?.y !== undefined) set('legend.y', (now.legend.y * plotHeight - below) / drawnHeight);
  const gap = data.some(({ legendgroup }) => legendgroup !== undefined) ? groupGap : 0;
  if (names.length > 0) below += legendRow * Math.max(0, rowsOf(names, plotWidth, gap) - plannedRows(names, layout));
  const moveDown = (kind: string) => {
    for (const [i, { pad }] of (now[kind] ?? []).entries()) set(`${kind}[${i}].pad.t`, (pad?.t ?? 0) + below);
  };
  moveDown('updatemenus');
  if (isCrowded(now, plotWidth)) below += legendRow;
  moveDown('sliders');

  for (const key of Object.keys(now)) {
    // Numbers at an axis that is short now may need more room than they were given, or be too many.
    if (/^yaxis\d*$/.test(key)) set(`${key}.automargin`, true);
    if (!/^xaxis\d*$/.test(key)) continue;
    const [from, to] = now[key].domain ?? [0, 1];
    if ((to - from) * plotWidth < 90) set(`${key}.nticks`, 3);
  }
  fitNames(now, set, plotWidth);
  set('margin.t', now.margin.t + above);
  set('margin.b', now.margin.b + below);
  set('height', now.height + above + below - plotHeight + drawnHeight);
  return isBelow
    ? bars.flatMap((i) => flat(barBelow(data[i]!.colorbar, barAt, plotWidth)).map((one): TraceChange => [i, ...one]))
    : [];
}

type Titles = Pick<Work, 'now' | 'set' | 'width'> & { layout: PartialLayout; frames: NonNullable<Fitted['frames']> };

/** Wraps titles; returns the room above that they need more, while a slider moves, too. */
function fitTitles({ now, set, layout, frames, width }: Titles): number {
  const place = { width, margin: now.margin };
  const textsOf = (part: PartialLayout) => wrapTexts({ ...now, ...part, title: part.title ?? now.title }, place);
  const texts = textsOf({});
  const shown = [texts, ...frames.flatMap((frame) => (frame.layout ? [textsOf(frame.layout)] : []))];
  const mostLines = (textOf: (texts: Texts) => string | undefined) =>
    Math.max(...shown.map((one) => linesOf(textOf(one) ?? '')));
  if (texts.title) set('title.text', texts.title);
  const more = texts.title ? mostLines(({ title }) => title) - linesOf(layout.title.text) : 0;
  let morePanels = 0;
  for (const [i, note] of notesIn(now).entries()) {
    const text = texts.panels[i];
    if (text === undefined) continue;
    const lines = mostLines(({ panels }) => panels[i]) - linesOf(layout.annotations[i].text);
    const [, { domain = [0, 1] } = {}] = axesOf(now, note);
    if (domain[1]! > 0.99) morePanels = Math.max(morePanels, lines);
    const { left, room } = roomOf(now, note, place);
    // Estimates may be too small by so much.
    const longest = 1.1 * Math.max(...text.split('<br>').map((line) => widthOf(line, note.font?.size ?? 14)));
    set(`annotations[${i}].text`, text);
    set(`annotations[${i}].xshift`, -Math.round(Math.min(left, Math.max(0, longest - room + left))));
  }
  return titleRow * more + panelRow * morePanels;
}

/** The width of categories at the left axis, for which plotly widens the margin. */
function leftLabels(data: readonly PlotTrace[], { yaxis }: PartialLayout): number {
  if (yaxis?.type !== 'category' || yaxis.showticklabels === false) return 0;
  const labels: unknown[] = data.flatMap((trace) => ((trace.yaxis ?? 'y') === 'y' ? (trace.y ?? []) : []));
  return Math.max(0, ...labels.map((label) => widthOf(String(label), 12))) + 10;
}

type Categories = Pick<Work, 'now' | 'set'> & {
  data: readonly PlotTrace[];
  frames: readonly Partial<PlotFrame>[];
  plotWidth: number;
};

/** Sets the labels of categories so that they fit; returns how much lower they reach. */
function fitCategories({ data, frames, now, set, plotWidth }: Categories): number {
  let most = 0;
  for (const [key, axis] of Object.entries(now)) {
    if (!/^xaxis\d*$/.test(key) || axis.type !== 'category' || axis.showticklabels === false) continue;
    const own = data.flatMap((trace, i) => ((trace.xaxis ?? 'x') === key.replace('axis', '') ? [i] : []));
    const labels = [...new Set(own.flatMap((i): unknown[] => data[i]!.x ?? []).map(String))];
    const isMoving = frames.some(({ data: parts, traces }) =>
      parts?.some(({ x }, k) => x && own.includes(traces![k]!)),
    );
    if (labels.length === 0 || isMoving) continue;
    const [from, to] = axis.domain ?? [0, 1];
    const { lower, ...changes } = labelsBelow(labels, ((to - from) * plotWidth) / labels.length - 4);
    for (const [name, value] of flat(changes)) set(`${key}.${name}`, value);
    most = Math.max(most, lower);
  }
  return most;
}

/** Names above small plots in rows become smaller, where the next one would begin in them. */
function fitNames(now: PlotLayout, set: Set, plotWidth: number): void {
  const notes = notesIn(now);
  const isName = ({ xref, yref, showarrow }: Note) => xref === 'paper' && yref === 'paper' && showarrow === false;
  const starts = [...new Set(notes.filter(isName).map(({ x }) => x))].sort((a, b) => a - b);
  for (const [i, note] of notes.entries()) {
    const next = starts[starts.indexOf(note.x) + 1];
    if (!isName(note) || next === undefined) continue;
    const size = note.font?.size ?? 13;
    const room = (next - note.x) * plotWidth - 4;
    const width = widthOf(note.text, size);
    if (width > room) set(`annotations[${i}].font.size`, Math.max(8, Math.floor((size * room) / width)));
  }
}

/** The rows that src/lab/plot/theme.ts has given a legend. */
function plannedRows(names: readonly string[], { width = 700, margin }: PartialLayout): number {
  const { l, r } = margin!;
  const widths = names.map((name) => 45 + 6.4 * name.length);
  const room = width - l - r;
  if (widths.reduce((total, one) => total + one, 0) <= room) return 1;
  return Math.ceil(widths.length / Math.max(1, Math.floor(room / Math.max(...widths))));
}

/** A colour bar with its top at a share of the plot's height. */
function barBelow(bar: PlotTrace['colorbar'], y: number, width: number): object {
  const title = { ...bar.title, side: 'top' };
  const place = { x: 0, xanchor: 'left', y, yanchor: 'top', len: 1, thickness: 10 };
  return { colorbar: { orientation: 'h', ...place, title, ...thinned(bar, width) } };
}

/** Whether a slider's value and the buttons beside it have too little room. */
function isCrowded({ sliders = [], updatemenus = [] }: PartialLayout, width: number): boolean {
  if (sliders.length === 0 || updatemenus.length === 0) return false;
  const { currentvalue, steps: all } = sliders[0] as {
    currentvalue?: { prefix?: string };
    steps: { label?: string }[];
  };
  const longest = Math.max(...all.map(({ label = '' }) => widthOf(`${currentvalue?.prefix ?? ''}${label}`, 13)));
  return longest + 90 > width;
}

/** For which width the texts of a layout that has its changes are wrapped. */
const textWidth = ({ width }: PartialLayout, step: number): number => Math.min(width ?? step, step);

/** The titles that a layout has, which has its changes, as they are wrapped: by plotly's paths. */
export function textsIn(layout: PlotLayout, step: number): Change[] {
  const { title, panels } = wrapTexts(layout, { width: textWidth(layout, step), margin: layout.margin });
  const all: Change[] = [['title.text', title], ...panels.map((text, i): Change => [`annotations[${i}].text`, text])];
  return all.filter(([, text]) => text !== undefined);
}

/** The same as the figure has them, which are shown wrapped. */
export function originalTexts({ layout = {}, frames = [] }: Fitted, shown: PartialLayout): Change[] {
  const asLine = (text: unknown) => (text as string | undefined)?.replaceAll('<br>', ' ');
  const layouts = [layout, ...frames.map((frame) => frame.layout ?? {})];
  const paths = ['title.text', ...notesIn(layout).map((_, i) => `annotations[${i}].text`)];
  return paths.flatMap((path): Change[] => {
    const now = asLine(valueAt(shown, path));
    const text = layouts.map((one) => valueAt(one, path)).find((one) => one && asLine(one) === now);
    return text === undefined ? [] : [[path, text]];
  });
}

/** Frames with their titles wrapped, for a layout that has its changes. */
export function withWrappedTexts(frames: readonly PlotFrame[], layout: PlotLayout, step: number): PlotFrame[] {
  const { margin } = layout;
  const width = textWidth(layout, step);
  return frames.map((frame) => {
    const { title, annotations } = frame.layout ?? {};
    if (!title && !annotations) return frame;
    const texts = wrapTexts({ ...layout, ...frame.layout, title }, { width, margin });
    return {
      ...frame,
      layout: {
        ...frame.layout,
        ...(title && { title: { ...title, text: texts.title ?? title.text } }),
        ...(annotations && {
          annotations: notesIn({ annotations }).map((note, i) => ({ ...note, text: texts.panels[i] ?? note.text })),
        }),
      },
    };
  });
}

/** A figure's height below a width of its place; without one, at first. */
export interface Height {
  below: number | undefined;
  height: number;
}

/** How tall a figure is: at first, and below which widths how tall. */
export function heights(figure: Fitted, usual: number): Height[] {
  const { layout = {} } = figure;
  const heightAt = (place: number) =>
    (changesFor(figure, place).layout.get('height') as number | undefined) ?? layout.height ?? usual;
  const all: Height[] = [{ below: undefined, height: heightAt(Number.POSITIVE_INFINITY) }];
  const [least, ...others] = stepsOf(layout);
  let lower = least!;
  const places = others.map((step): Height => {
    const place = { below: step, height: heightAt(lower) };
    lower = step;
    return place;
  });
  for (const place of places.reverse()) if (place.height !== all.at(-1)!.height) all.push(place);
  return all;
}
