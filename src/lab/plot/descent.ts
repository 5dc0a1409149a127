import { PlotError } from '../../errors';
import { colorOf } from './colors';
import {
  arrowLength,
  climbs,
  type DescentLoss,
  type DescentParts,
  type DescentState,
  descend,
  type Ground,
  groundOf,
  isInBox,
  lossText,
  type Place,
  rangesOf,
  titleOf,
  trailOf,
} from './descent-path';
import { checkLoss, checkView, mapOf, stackedBelow, titleHeight, views, viewsLayout } from './descent-views';
import { Figure, type PlotlyLayout, type PlotlyTrace, type SelfPlaying } from './figure';
import { mark, type Points } from './marks';
import { inBytes } from './race-parts';
import { axis, baseLayout, ink, neutral, paleGroundScale, stopped } from './theme';

/** Options of {@link descent}. */
export interface DescentOptions {
  /**
   * The loss: Σ (targetᵢ − rowᵢ·w)² of `{ rows, targets }`, or a named one: `"rosenbrock"`, `"himmelblau"`, `"saddle"`, or `"valley"`,
   * ½ (w₁² + 50w₂²).
   */
  loss: DescentLoss;
  /** The start of the ball. */
  start: Place;
  /** The initial learning rate. */
  rate: number;
  /** The initial number of steps, from 1 to 200. Default: 60. */
  steps?: number;
  /** The range of both weights, or one for each. Default: -10 to 10. */
  domain?: readonly [number, number] | { x: readonly [number, number]; y: readonly [number, number] };
  /**
   * The initial momentum β, from 0 to 0.99: V ← βV + η ∇L(w), w ← w − V. With it the figure has a slider for β. It
   * shows a wide map, and both weights over the steps, instead of the surface; it opens after all steps.
   */
  beta?: number;
  /** The loss at which the surface is cut off. Default: 1.5 times the loss at the start. */
  top?: number;
  /** The camera's angles in degrees. Default: elev 40, azim -72. */
  camera?: { elev?: number; azim?: number };
  /** The smallest and the largest rate of the logarithmic slider. Default: 0.002 to 0.1, extended to the given rates. */
  rates?: readonly [number, number];
  /** The state that is drawn without gradlab's renderer. Default: the initial rate after all steps. */
  still?: { rate: number; step: number; beta?: number };
}

/** With momentum: heights of the map, of the space between, and of the weights over the steps, in pixels. */
const flatHeights = { map: 250, between: 62, steps: 96, below: 54 };
/** Height of paths above the surface, as a fraction of the top. */
const lift = 0.013;
const mostSteps = 200;
const mostBeta = 0.99;

/**
 * Gradient descent on the surface of a loss and on its map, step by step: w ← w − η ∇L(w).
 *
 * In JupyterLab and on the site's pages the browser computes everything, without a kernel. A button plays the steps. Sliders change the
 * rate, the start, the camera and the number of steps. The start can be dragged on the map. Two lines of code show the numbers of the
 * current step. Elsewhere the figure is static and shows `still`. In `ask` the states `from` and `deciding` are `{ rate, step }`, with
 * momentum `{ rate, step, beta }`.
 *
 * @example
 * plot.descent({ loss: { rows: [[1, 1], [3, 1]], targets: [2, 4] }, start: [5, 9], rate: 0.04, top: 1100 })
 * @throws {PlotError} if rows and targets differ in number, the loss is unknown, the start is outside the picture, or a number is out of
 *   range
 */
export function descent(options: DescentOptions): Figure {
  const parts = partsOf(options);
  const { loss, start, rate, steps, beta } = parts;
  const ground = groundOf(loss);
  const own = beta === undefined ? {} : { beta };
  const still = stateOf(parts, options.still ?? { rate, step: steps, ...own }, 'still');
  const path = descend(ground, start, still.rate, Math.max(steps, still.step), still.beta);
  const title = titleOf(ground, parts, path, still);
  const ball = shownAt(ground, parts, path, still.step);
  const layout: PlotlyLayout = {
    ...(beta === undefined ? viewsLayout(title, parts) : aboveSteps(parts, title)),
    annotations: beta === undefined ? arrowAt(ground, parts, ball) : [],
  };
  layout.meta = { ...(layout.meta as object), descent: parts };
  const plays: SelfPlaying = {
    from: beta === undefined ? { rate, step: 0 } : { rate, step: steps, beta },
    stateOf: (value, name) => stateOf(parts, value, name),
    titleAt: (state) => {
      const { rate, step, beta } = state as DescentState;
      return titleOf(ground, parts, descend(ground, start, rate, Math.max(steps, step), beta), state as DescentState);
    },
  };
  const words =
    `Gradient descent: ${title}. ${beta === undefined ? 'A surface of the loss over two weights, and its map' : 'A map of the loss over two weights, and both weights over the steps'}; ` +
    `${rangesOf(parts)
      .map(([low, high], i) => `w${'₁₂'[i]} from ${low} to ${high}`)
      .join(', ')}. ` +
    `The path starts at (${start.join(', ')}) with loss ${lossText(ground.loss(start))}` +
    `${ground.minima.length > 0 ? `; the loss is lowest at ${ground.minima.map(([a, b]) => `(${lossText2(a)}, ${lossText2(b)})`).join(', ')}` : ''}.`;
  return new Figure({
    data: [
      ...(beta === undefined ? views(ground, parts) : [mapOf(ground, parts, paleGroundScale)]),
      ...stills(ground, parts, path, still),
    ],
    layout,
    description: words,
    plays,
  });
}

/** The layout of a wide map above two panels: each weight over the steps. */
function aboveSteps(parts: DescentParts, title: string): PlotlyLayout {
  const { map, between, steps, below } = flatHeights;
  const whole = map + between + steps;
  const [range1, range2] = rangesOf(parts).map(([low, high]): [number, number] => [low, high]) as [
    [number, number],
    [number, number],
  ];
  const margin = { l: 48, r: 12, t: titleHeight, b: below };
  const height = titleHeight + whole + below;
  const at = { upper: [1 - map / whole, 1], lower: [0, steps / whole] };
  const panel = (name: string, range: [number, number], share: number[], i: number) => ({
    [`xaxis${i}`]: { ...axis('step', [0, parts.steps]), domain: share, anchor: `y${i}`, nticks: 5 },
    [`yaxis${i}`]: {
      ...axis(name, range),
      domain: at.lower,
      anchor: `x${i}`,
      nticks: 4,
      zeroline: true,
      zerolinecolor: neutral,
    },
  });
  return {
    ...baseLayout({ title, legend: [], plotHeight: whole, axes: true }),
    margin,
    height,
    xaxis: { ...axis('w₁', range1), domain: [0, 1], nticks: 8 },
    yaxis: { ...axis('w₂', range2), domain: at.upper, nticks: 5 },
    ...panel('w₁', range1, [0, 0.45], 2),
    ...panel('w₂', range2, [0.56, 1], 3),
    meta: {
      theme: 'page',
      narrow: {
        below: stackedBelow,
        layout: { height, margin, xaxis2: { domain: [0, 0.38] }, xaxis3: { domain: [0.62, 1] } },
      },
    },
  };
}

const lossText2 = (value: number) => String(Number(value.toFixed(2)));

function partsOf(options: DescentOptions): DescentParts {
  const { loss, start, rate, steps = 60, camera = {}, still, beta } = options;
  const { x: domain, y: domain2 } = rangesIn(options.domain ?? [-10, 10]);
  const fail = (what: string): never => {
    throw new PlotError(`descent: ${what}`);
  };
  checkLoss('descent', loss);
  if (beta === undefined && domain2 !== domain) fail('a domain for each weight needs beta: a surface has one for both');
  if (beta !== undefined && !(beta >= 0 && beta <= mostBeta)) fail(`beta must be from 0 to ${mostBeta}, got ${beta}`);
  if (!Number.isInteger(steps) || steps < 1 || steps > mostSteps)
    fail(`steps must be a whole number from 1 to ${mostSteps}, got ${steps}`);
  const given = [rate, ...(still ? [still.rate] : [])];
  const bad = given.find((one) => !(one > 0 && Number.isFinite(one)));
  if (bad !== undefined) fail(`rate must be above 0, got ${bad}`);
  const ground = groundOf(loss);
  const top = options.top ?? 1.5 * ground.loss(start);
  const { elev = 40, azim = -72 } = camera;
  checkView('descent', ground, { domain, domain2, top, camera: { elev, azim } }, start);
  const rates = options.rates ?? [Math.min(0.002, ...given), Math.max(0.1, ...given)];
  const flat = beta === undefined ? {} : { beta, domain2 };
  return { loss, start, rate, steps, domain, top, camera: { elev, azim }, rates, ...flat };
}

/** The ranges of both weights. */
const rangesIn = (domain: NonNullable<DescentOptions['domain']>) => ('x' in domain ? domain : { x: domain, y: domain });

function stateOf({ rates, steps, beta: first }: DescentParts, value: unknown, name: string): DescentState {
  const { rate, step, beta = first } = (value ?? {}) as Partial<DescentState>;
  if (typeof rate !== 'number' || !(rate >= rates[0] && rate <= rates[1]))
    throw new PlotError(`descent: the rate of ${name} must be from ${rates.join(' to ')}, got ${rate}`);
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > steps)
    throw new PlotError(`descent: the step of ${name} must be a whole number from 0 to ${steps}, got ${step}`);
  if (beta === undefined) return { rate, step };
  if (first === undefined || !(beta >= 0 && beta <= mostBeta))
    throw new PlotError(
      `descent: the beta of ${name} must be from 0 to ${mostBeta}, in a figure with beta, got ${beta}`,
    );
  return { rate, step, beta };
}

/** The last point of the path inside the picture. */
const shownAt = (ground: Ground, parts: DescentParts, path: readonly Place[], step: number): Place =>
  trailOf(ground, parts, path, step).at(-1)?.at(-1) ?? path[0]!;

/** The static traces: the path up to a step, the ball and the minima, on the surface and on the map. */
function stills(
  ground: Ground,
  parts: DescentParts,
  path: readonly Place[],
  { step, beta }: DescentState,
): PlotlyTrace[] {
  const color = climbs(ground, path.slice(0, step + 1)) ? stopped : colorOf(beta);
  const lines = trailOf(ground, parts, path, step);
  const along = lines.flatMap((line, i) => (i > 0 ? [null, ...line] : line));
  const ends = path.slice(0, step + 1).filter((at) => isInBox(ground, parts, at));
  const ball = shownAt(ground, parts, path, step);
  const span = parts.domain[1] - parts.domain[0];
  const round = (value: number, of: number) => Number((value / of).toFixed(4)) * of;
  const part = (places: readonly (Place | null)[], side: 0 | 1) =>
    places.map((at) => (at === null ? null : Number(round(at[side], span).toPrecision(6))));
  const height = (at: Place | null, above = lift) =>
    at === null ? null : Number(round(ground.loss(at) + above * parts.top, parts.top).toPrecision(6));
  const meta = { live: 'still' };
  const flat = (name: string, places: readonly (Place | null)[], look: Points): PlotlyTrace =>
    mark({ name, x: part(places, 0), y: part(places, 1), ...look, meta });
  const raised = (name: string, places: readonly (Place | null)[], look: Points, above?: number): PlotlyTrace =>
    flat(name, places, { z: places.map((at) => height(at, above)), ...look });
  const homes = ground.minima.filter((at) => isInBox(ground, parts, at));
  const edge = { color: '#FFFFFF', width: 2 };
  const home = { color: ink, symbol: 'diamond', line: edge };
  const dark = beta === undefined ? '#FFFFFF' : ink;
  const text = { textposition: 'bottom center', textfont: { color: dark, size: 13 } };
  const onSurface = () => [
    inBytes(raised('path', along, { line: { color, width: 6 } })),
    raised('path', ends, { marker: { color, size: 3.5 } }),
    raised('home', homes, { marker: { ...home, size: 6 } }, 0.03),
    raised('ball', [ball], { marker: { color, size: 9, line: edge } }, 0.04),
  ];
  const overSteps = ([0, 1] as const).map((side) =>
    mark({
      name: side === 0 ? 'w₁' : 'w₂',
      y: path.slice(0, step + 1).map((at) => Number(round(at[side], span).toPrecision(6))),
      line: { color, width: 2 },
      xaxis: `x${side + 2}`,
      yaxis: `y${side + 2}`,
      meta,
    }),
  );
  return [
    ...(beta === undefined ? onSurface() : overSteps),
    flat('path', lineOf(path.slice(0, step + 1), ends, ball), {
      line: { color, width: 2.5 },
      marker: { color, size: 5 },
    }),
    flat('home', homes, {
      text: homes.map(() => 'home'),
      ...text,
      marker: { ...home, size: 12 },
    }),
    flat('ball', [ball], { marker: { color, size: 15, line: edge } }),
  ];
}

/** On the map a path is straight between steps: its points, and where it leaves the picture. */
const lineOf = (path: readonly Place[], ends: readonly Place[], ball: Place) =>
  ends.length < path.length ? [...ends, ball] : ends;

/** The negative gradient at a point, as an arrow of fixed length on the map. */
function arrowAt({ gradient }: Ground, { domain: [low, high] }: DescentParts, at: Place) {
  const [g1, g2] = gradient(at);
  const long = Math.hypot(g1, g2);
  if (long === 0) return [];
  const far = (arrowLength * (high - low)) / long;
  const [ax, ay] = at;
  const head = { arrowhead: 2, arrowwidth: 3, arrowcolor: ink };
  return [
    {
      ...head,
      x: ax - far * g1,
      y: ay - far * g2,
      ax,
      ay,
      xref: 'x',
      yref: 'y',
      axref: 'x',
      ayref: 'y',
      showarrow: true,
      text: '',
    },
  ];
}
