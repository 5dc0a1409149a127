// Letters of figures whose own colour is too near to the page's, light or dark, become darker or lighter until they are told from it
// (WCAG 1.4.3: contrast 4.5). No colour is so on white and on black at once, so that a figure cannot choose one beforehand. So do
// the numbers in a heatmap, for which plotly chooses between grey and white. Lines and dots as dark as a dark page become as light.

import type { DrawnFor, PlotNode, PlotTrace } from './plotly';

/** Red, green, blue, 0 to 255; and opacity, where a colour has one. */
type Colour = number[];

const least = 4.5;

/** A colour as styles and scales write it: red, green, blue, 0 to 255, and opacity. */
function read(text: string): Colour {
  if (/^#[\da-f]{6}$/i.test(text)) return [1, 3, 5].map((i) => Number.parseInt(text.slice(i, i + 2), 16)).concat(1);
  const [r, g, b, a = 1] = (/^rgb/.test(text) ? (text.match(/[\d.]+/g) ?? []) : [0, 0, 0, 0]).map(Number);
  return [r!, g!, b!, a];
}

const mixed = (top: Colour, below: Colour, share: number): Colour =>
  [0, 1, 2].map((i) => share * top[i]! + (1 - share) * below[i]!);

function brightness(colour: Colour): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [brightness(one), brightness(other)].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** The nearest colour to a given one, on the way to black or white, that is told from a ground. */
export function legibleColour(given: Colour, ground: Colour): Colour {
  const [black, white] = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  const end = contrast(black, ground) > contrast(white, ground) ? black : white;
  for (let share = 0; share < 1; share += 0.05) {
    const colour = mixed(end, given, share);
    // A little more, for it is rounded.
    if (contrast(colour, ground) >= least + 0.05) return colour.map(Math.round);
  }
  return end;
}

/** The ground of a page where a figure stands. */
function pageGround(node: Element): Colour {
  const layers: Colour[] = [];
  for (let at: Element | null = node; at; at = at.parentElement) {
    const colour = read(getComputedStyle(at).backgroundColor);
    if (colour[3]! > 0) layers.push(colour);
    if (colour[3] === 1) break;
  }
  return layers.reduceRight((below, top) => mixed(top, below, top[3]!), [255, 255, 255]);
}

/** What of a plot can stand behind letters. */
const painted =
  '.subplot :is(path, image, rect), .shapelayer path, .imagelayer image, .annotation rect.bg, .legend rect.bg';

interface Painted {
  shape: SVGGeometryElement;
  box: DOMRect;
}

/** What of a plot is painted where letters can stand, in the order of painting, with its place. */
const paintedOn = (node: Element): Painted[] =>
  Array.from(node.querySelectorAll<SVGGeometryElement>(painted), (shape) => ({
    shape,
    box: shape.getBoundingClientRect(),
  }));

/** Whether a place is within the axes of a shape: beyond them plotly paints nothing of it. */
function isWithinAxes(node: PlotNode, shape: Element, x: number, y: number): boolean {
  const id = [...(shape.closest('.subplot')?.classList ?? [])].at(-1);
  const { xaxis, yaxis } = node._fullLayout?._plots[id ?? ''] ?? {};
  if (!xaxis) return true;
  const corner = node.getBoundingClientRect();
  const [u, v] = [x - corner.left - xaxis._offset, y - corner.top - yaxis._offset];
  return u >= 0 && v >= 0 && u <= xaxis._length && v <= yaxis._length;
}

/** The colour behind letters; undefined where it is a picture's. */
function groundOf(node: PlotNode, letters: Element, shapes: Painted[], page: Colour): Colour | undefined {
  const { left, top, width, height } = letters.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  let ground: Colour | undefined = page;
  for (const { shape, box } of shapes) {
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;
    if (!(shape.compareDocumentPosition(letters) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
    if (!isWithinAxes(node, shape, x, y)) continue;
    if (shape.localName === 'image') {
      ground = undefined;
      continue;
    }
    const { fill, fillOpacity, opacity } = getComputedStyle(shape);
    const colour = read(fill);
    const share = colour[3]! * Number(fillOpacity) * Number(opacity);
    if (share === 0 || (ground === undefined && share < 1)) continue;
    const toShape = shape.getScreenCTM()?.inverse();
    if (!toShape || !shape.isPointInFill(new DOMPoint(x, y).matrixTransform(toShape))) continue;
    // What covers a picture is a ground of its own.
    ground = mixed(colour, ground ?? colour, share);
  }
  return ground;
}

/** The colour of a scale, as plotly has it, at a share of its way. */
function colourAt(scale: readonly (readonly [number, string])[], share: number): Colour {
  const to = scale.findIndex(([at]) => at >= share);
  const above = scale[to < 0 ? scale.length - 1 : to]!;
  const below = scale[to < 1 ? 0 : to - 1]!;
  const way = above[0] > below[0] ? (share - below[0]) / (above[0] - below[0]) : 1;
  return mixed(read(above[1]), read(below[1]), Math.min(1, Math.max(0, way)));
}

/** The trace that plotly drew an element for. */
const traceOf = (element: DrawnFor<{ trace: PlotTrace }[]> | null): PlotTrace | undefined =>
  element?.__data__?.[0]?.trace;

/** Makes the numbers in the cells of heatmaps legible; a cell without a colour has the page's. */
function makeCellsLegible(node: PlotNode, page: Colour): void {
  for (const labels of node.querySelectorAll<DrawnFor<{ z: unknown }>>('.hm .heatmap-label')) {
    const trace = traceOf(labels.closest('.hm'));
    if (!trace) continue;
    const axis = node._fullLayout?.[trace.coloraxis];
    const [low, high] = axis ? [axis.cmin, axis.cmax] : [trace.zmin, trace.zmax];
    const { colorscale, reversescale } = axis ?? trace;
    const letters = labels.querySelector<SVGTextElement>('text');
    if (!letters || !labels.__data__) continue;
    const { z } = labels.__data__;
    const shareOf = (value: number) => (reversescale ? high - value : value - low) / (high - low);
    const ground = typeof z === 'number' ? colourAt(colorscale, shareOf(z)) : page;
    const colour = read(letters.style.fill);
    if (contrast(colour, ground) < least) letters.style.fill = `rgb(${legibleColour(colour, ground).join(', ')})`;
  }
}

/** Whether letters stand in the entry of a trace that is switched off. */
const isOff = (letters: Element): boolean => traceOf(letters.closest('.traces'))?.visible === 'legendonly';

/** Has entries of traces that are switched off pale in their signs alone: plotly makes letters so pale that they cannot be read. */
function makeOffLegible(node: PlotNode): void {
  for (const entry of node.querySelectorAll<SVGElement>('.legend .traces')) {
    const { opacity } = entry.style;
    if (!isOff(entry) || !(Number(opacity) < 1)) continue;
    const signs = entry.querySelector<SVGElement>('.layers');
    if (signs) signs.style.opacity = opacity;
    entry.style.opacity = '1';
  }
}

/** Below that a line is not told from the page. Palettes' darkest colours, which are, have 1.9 on ours; a grey has no hue to help it. */
const leastOf = (colour: Colour): number => (isGrey(colour) ? 3 : 1.5);

/** What stands behind lines and dots, and is not the page's colour. */
const behind = ':is(.contourlayer, .heatmaplayer, .imagelayer, .barlayer) :is(path, image)';

const isGrey = ([r, g, b]: Colour): boolean => Math.max(r!, g!, b!) - Math.min(r!, g!, b!) < 24;

/** A colour that is to a dark page what the given one is to a light one. */
const turned = (colour: Colour, page: Colour): Colour =>
  isGrey(colour) ? colour.slice(0, 3).map((value) => 255 - value) : legibleColour(colour, page);

/** Gives a line or a dot that is as dark as the page the opposite colour, and one that no longer is its own again. */
function makeLineSeen(part: SVGElement, page: Colour | undefined): void {
  const { style, dataset } = part;
  const kept = (['stroke', 'fill'] as const).map((name) => {
    const [given, made] = [`given${name}`, `made${name}`];
    const own = (style[name] !== '' && style[name] === dataset[made] ? dataset[given] : style[name]) ?? '';
    const isDrawn = /^rgb/.test(own) && (name === 'fill' || style.strokeWidth !== '0px') && read(own)[3]! > 0;
    return { name, given, made, own, isDrawn };
  });
  const drawn = kept.filter(({ isDrawn }) => isDrawn);
  const isLost = page && drawn.length > 0 && drawn.every(({ own }) => contrast(read(own), page) < leastOf(read(own)));
  for (const { name, given, made, own, isDrawn } of kept) {
    const wanted = page && isLost && isDrawn ? `rgb(${turned(read(own), page).join(', ')})` : own;
    if (style[name] === wanted) continue;
    style[name] = wanted;
    if (wanted !== own) Object.assign(dataset, { [given]: own, [made]: style[name] });
  }
}

/** Has lines and dots, and their signs in the legend, seen on a dark page. White ones on a light page are outlines on something else. */
function makeLinesSeen(node: PlotNode, page: Colour): void {
  const isDark = contrast([255, 255, 255], page) > contrast([0, 0, 0], page);
  const ground = isDark ? page : undefined; // on a light one each has its own
  const onPage = new Set<string | undefined>();
  for (const subplot of node.querySelectorAll('.cartesianlayer .subplot')) {
    if (subplot.querySelector(behind)) continue;
    onPage.add([...subplot.classList].at(-1));
    for (const part of subplot.querySelectorAll<SVGElement>('.scatterlayer :is(.js-line, .point)'))
      makeLineSeen(part, ground);
  }
  for (const entry of node.querySelectorAll('.legend .traces')) {
    const trace = traceOf(entry);
    if (!onPage.has(`${trace?.xaxis}${trace?.yaxis}`)) continue;
    for (const part of entry.querySelectorAll<SVGElement>(':is(.legendlines, .legendpoints) path'))
      makeLineSeen(part, ground);
  }
}

/** Letters that stand beside what a plot paints, never on it. */
const beside = '.xtick, .ytick';

/** Makes the letters of a plot legible, and its lines seen. */
export function makeLegible(node: PlotNode): void {
  const page = pageGround(node);
  makeCellsLegible(node, page);
  makeOffLegible(node);
  makeLinesSeen(node, page);
  const shapes = paintedOn(node);
  // All are looked at before any is changed.
  const changes: [SVGElement, string, string][] = [];
  for (const letters of node.querySelectorAll<SVGElement>('text, tspan')) {
    const { fill } = letters.style;
    const { made, given } = letters.dataset;
    // A colour made for another theme or background is computed again from the given one.
    const own = (fill === made ? given : fill) ?? '';
    if (!/^rgb/.test(own) || letters.closest('.heatmap-label')) continue;
    const ground = groundOf(node, letters, letters.closest(beside) ? [] : shapes, page);
    const isPale = isOff(letters);
    const colour = isPale ? mixed(read(own), page, 0.5) : read(own);
    const wanted = ground !== undefined && contrast(colour, ground) < least ? legibleColour(colour, ground) : colour;
    const isFaint = wanted !== colour;
    const isChanged = isFaint || isPale;
    if (isChanged || fill !== own)
      changes.push([letters, own, isChanged ? `rgb(${wanted.map(Math.round).join(', ')})` : own]);
  }
  for (const [letters, own, wanted] of changes) {
    letters.style.fill = wanted;
    if (wanted !== own) Object.assign(letters.dataset, { given: own, made: letters.style.fill });
  }
}
