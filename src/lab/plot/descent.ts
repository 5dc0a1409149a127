import { PlotError } from '../../errors';
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
  titleOf,
  trailOf,
} from './descent-path';
import { checkLoss, checkView, views, viewsLayout } from './descent-views';
import { Figure, type PlotlyLayout, type PlotlyTrace, type SelfPlaying } from './figure';
import { inBytes } from './race-parts';
import { ink, palette, stopped } from './theme';

/** Options of {@link descent}. */
export interface DescentOptions {
  /**
   * The loss: Σ (targetᵢ − rowᵢ·w)² of `{ rows, targets }`, or a named one: `"rosenbrock"`, `"himmelblau"`, `"saddle"`.
   */
  loss: DescentLoss;
  /** Where the ball starts. */
  start: Place;
  /** The initial learning rate. */
  rate: number;
  /** The initial number of steps, from 1 to 200. Default: 60. */
  steps?: number;
  /** The range of both weights. Default: -10 to 10. */
  domain?: readonly [number, number];
  /** The loss at which the surface is cut off. Default: 1.5 times the loss at the start. */
  top?: number;
  /** The camera's angles in degrees. Default: elev 40, azim -72. */
  camera?: { elev?: number; azim?: number };
  /** The smallest and the largest rate of the logarithmic slider. Default: 0.002 to 0.1, extended to the given rates. */
  rates?: readonly [number, number];
  /** The state that is drawn without gradlab's renderer. Default: the initial rate after all steps. */
  still?: { rate: number; step: number };
}

/** Height of paths above the surface, as a fraction of the top. */
const lift = 0.013;
const mostSteps = 200;

/**
 * Gradient descent on the surface of a loss and on its map, step by step: w ← w − η ∇L(w).
 *
 * In JupyterLab and on the site's pages the browser computes everything, without a kernel. A button plays the steps. Sliders change the
 * rate, the start, the camera and the number of steps. The start can be dragged on the map. Two lines of code show the numbers of the
 * current step. Elsewhere the figure is static and shows `still`. In `ask` the states `from` and `deciding` are `{ rate, step }`.
 *
 * @example
 * plot.descent({ loss: { rows: [[1, 1], [3, 1]], targets: [2, 4] }, start: [5, 9], rate: 0.04, top: 1100 })
 * @throws {PlotError} if rows and targets differ in number, the loss is unknown, the start is outside the picture, or a number is out of
 *   range
 */
export function descent(options: DescentOptions): Figure {
  const parts = partsOf(options);
  const { loss, start, rate, steps, domain } = parts;
  const ground = groundOf(loss);
  const still = stateOf(parts, options.still ?? { rate, step: steps }, 'still');
  const path = descend(ground, start, still.rate, Math.max(steps, still.step));
  const title = titleOf(ground, parts, path, still);
  const layout: PlotlyLayout = {
    ...viewsLayout(title, parts),
    annotations: arrowAt(ground, parts, shownAt(ground, parts, path, still.step)),
  };
  layout.meta = { ...(layout.meta as object), descent: parts };
  const plays: SelfPlaying = {
    from: { rate, step: 0 },
    stateOf: (value, name) => stateOf(parts, value, name),
    titleAt: (state) => {
      const { rate, step } = state as DescentState;
      return titleOf(ground, parts, descend(ground, start, rate, Math.max(steps, step)), { rate, step });
    },
  };
  const words =
    `Gradient descent: ${title}. A surface of the loss over two weights from ${domain[0]} to ${domain[1]}, and its map. ` +
    `The path starts at (${start.join(', ')}) with loss ${lossText(ground.loss(start))}` +
    `${ground.minima.length > 0 ? `; the loss is lowest at ${ground.minima.map(([a, b]) => `(${lossText2(a)}, ${lossText2(b)})`).join(', ')}` : ''}.`;
  return new Figure({
    data: [...views(ground, parts), ...stills(ground, parts, path, still.step)],
    layout,
    description: words,
    plays,
  });
}

const lossText2 = (value: number) => String(Number(value.toFixed(2)));

function partsOf(options: DescentOptions): DescentParts {
  const { loss, start, rate, steps = 60, domain = [-10, 10], camera = {}, still } = options;
  const fail = (what: string): never => {
    throw new PlotError(`descent: ${what}`);
  };
  checkLoss('descent', loss);
  if (!Number.isInteger(steps) || steps < 1 || steps > mostSteps)
    fail(`steps must be a whole number from 1 to ${mostSteps}, got ${steps}`);
  const given = [rate, ...(still ? [still.rate] : [])];
  const bad = given.find((one) => !(one > 0 && Number.isFinite(one)));
  if (bad !== undefined) fail(`rate must be above 0, got ${bad}`);
  const ground = groundOf(loss);
  const top = options.top ?? 1.5 * ground.loss(start);
  const { elev = 40, azim = -72 } = camera;
  checkView('descent', ground, { domain, top, camera: { elev, azim } }, start);
  const rates = options.rates ?? [Math.min(0.002, ...given), Math.max(0.1, ...given)];
  return { loss, start, rate, steps, domain, top, camera: { elev, azim }, rates };
}

function stateOf({ rates, steps }: DescentParts, value: unknown, name: string): DescentState {
  const { rate, step } = (value ?? {}) as Partial<DescentState>;
  if (typeof rate !== 'number' || !(rate >= rates[0] && rate <= rates[1]))
    throw new PlotError(`descent: the rate of ${name} must be from ${rates.join(' to ')}, got ${rate}`);
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > steps)
    throw new PlotError(`descent: the step of ${name} must be a whole number from 0 to ${steps}, got ${step}`);
  return { rate, step };
}

/** The last point of the path inside the picture. */
const shownAt = (ground: Ground, parts: DescentParts, path: readonly Place[], step: number): Place =>
  trailOf(ground, parts, path, step).at(-1)?.at(-1) ?? path[0]!;

/** The static traces: the path up to a step, the ball and the minima, on the surface and on the map. */
function stills(ground: Ground, parts: DescentParts, path: readonly Place[], step: number): PlotlyTrace[] {
  const color = climbs(ground, path.slice(0, step + 1)) ? stopped : palette[0]!;
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
  const quiet = { hoverinfo: 'skip', showlegend: false, meta: { live: 'still' } };
  const flat = (name: string, places: readonly (Place | null)[], rest: object): PlotlyTrace => ({
    type: 'scatter',
    name,
    x: part(places, 0),
    y: part(places, 1),
    ...rest,
    ...quiet,
  });
  const raised = (name: string, places: readonly (Place | null)[], rest: object, above?: number): PlotlyTrace => ({
    type: 'scatter3d',
    name,
    x: part(places, 0),
    y: part(places, 1),
    z: places.map((at) => height(at, above)),
    ...rest,
    ...quiet,
  });
  const homes = ground.minima.filter((at) => isInBox(ground, parts, at));
  const edge = { color: '#FFFFFF', width: 2 };
  const home = { color: ink, symbol: 'diamond', line: edge };
  const text = { textposition: 'bottom center', textfont: { color: '#FFFFFF', size: 13 } };
  return [
    inBytes(raised('path', along, { mode: 'lines', line: { color, width: 6 } })),
    raised('path', ends, { mode: 'markers', marker: { color, size: 3.5 } }),
    raised('home', homes, { mode: 'markers', marker: { ...home, size: 6 } }, 0.03),
    raised('ball', [ball], { mode: 'markers', marker: { color, size: 9, line: edge } }, 0.04),
    flat('path', lineOf(path.slice(0, step + 1), ends, ball), {
      mode: 'lines+markers',
      line: { color, width: 2.5 },
      marker: { color, size: 5 },
    }),
    flat('home', homes, {
      mode: 'markers+text',
      text: homes.map(() => 'home'),
      ...text,
      marker: { ...home, size: 12 },
    }),
    flat('ball', [ball], { mode: 'markers', marker: { color, size: 15, line: edge } }),
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
