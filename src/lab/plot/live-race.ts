import { PlotError } from '../../errors';
import { type DescentLoss, groundOf, isInBox, lossText, type Place, trailOf } from './descent-path';
import { checkLoss, checkView, views, viewsLayout } from './descent-views';
import { Figure, type PlotlyTrace, type SelfPlaying } from './figure';
import { mark, type Points } from './marks';
import { inBytes } from './race-parts';
import {
  optimizerLooks,
  type RaceParts,
  type RacePath,
  type RacerName,
  type RaceState,
  raceTitleOf,
  rules,
  runsOf,
} from './race-path';
import { ink } from './theme';

/** Options of {@link liveRace}. */
export interface LiveRaceOptions {
  /** The loss: Σ (targetᵢ − rowᵢ·w)² of `{ rows, targets }`, or a named one: `"rosenbrock"`, `"himmelblau"`, `"saddle"`. */
  loss: DescentLoss;
  /** The common start. */
  start: Place;
  /** The learning rate of each optimizer in the race. */
  rates: Partial<Record<RacerName, number>>;
  /** The number of steps, from 1 to 500. Default: 100. */
  steps?: number;
  /** The loss below which an optimizer has arrived. Default: 0.01. */
  tolerance?: number;
  /** Standard deviation of normal noise on both slopes in each step, the same for all. Default: 0. */
  noise?: number;
  /** Whether the rates decrease linearly to 0 at the last step. Default: false. */
  falls?: boolean;
  /** The range of both weights. Default: -4 to 4. */
  domain?: readonly [number, number];
  /** The loss at which the surface is cut off. Default: 1.5 times the loss at the start. */
  top?: number;
  /** The camera's angles in degrees. Default: elev 40, azim -72. */
  camera?: { elev?: number; azim?: number };
  /** The step that is drawn without gradlab's renderer. Default: the last. */
  still?: number;
}

const mostSteps = 500;
/** Grid points in each direction. */
const resolution = 61;
const lift = 0.013;

/**
 * A race of optimizers on the surface of a loss and on its map, step by step, with a lane for each. It opens at step 0. The rules are
 * those of `races.racers()`, with β = 0.9.
 *
 * In JupyterLab and on the site's pages the browser computes everything, without a kernel. A button plays the steps. The start can be
 * dragged on the map, or set by sliders. Elsewhere the figure is static and shows the step `still`. In `ask` the states `from` and
 * `deciding` are `{ step }`.
 *
 * @example
 * plot.liveRace({ loss: { rows: [[1, 0], [0, 5]], targets: [0, 0] }, start: [3, 1.2], rates: { GD: 0.019, AdaGrad: 2, Adam: 0.07 } })
 * @throws {PlotError} if a rate is not above 0 or belongs to no optimizer, the loss is unknown, the start is outside the picture, or a
 *   number is out of range
 */
export function liveRace(options: LiveRaceOptions): Figure {
  const parts = partsOf(options);
  const ground = groundOf(parts.loss);
  const runs = runsOf(ground, parts, parts.start);
  const { step } = stateOf(parts, { step: options.still ?? parts.steps }, 'still');
  const title = raceTitleOf(runs, { step });
  const layout = viewsLayout(title, parts);
  const plays: SelfPlaying = {
    from: { step: 0 },
    stateOf: (value, name) => stateOf(parts, value, name),
    titleAt: (state) => raceTitleOf(runs, state as RaceState),
  };
  const words = runs.map(
    ({ racer, losses, settled }) =>
      `${racer.name} (rate ${racer.rate}) ${Number.isFinite(settled) ? `is through after ${settled} steps` : `ends with loss ${lossText(losses.at(-1)!)}`}.`,
  );
  return new Figure({
    data: [...views(ground, parts, resolution), ...runs.flatMap((run) => stillOf(run, parts, step)), ...homes(parts)],
    layout: { ...layout, meta: { ...(layout.meta as object), race: parts } },
    description:
      `A race of ${runs.length} optimizers on the surface of a loss and its map, from (${parts.start.join(', ')}), ` +
      `${parts.steps} steps, until the loss stays below ${lossText(parts.tolerance)}. ${words.join(' ')}`,
    plays,
  });
}

function partsOf(options: LiveRaceOptions): RaceParts {
  const {
    loss,
    start,
    rates,
    steps = 100,
    tolerance = 0.01,
    noise = 0,
    falls = false,
    domain = [-4, 4],
    camera = {},
  } = options;
  const fail = (what: string): never => {
    throw new PlotError(`liveRace: ${what}`);
  };
  checkLoss('liveRace', loss);
  if (!Number.isInteger(steps) || steps < 1 || steps > mostSteps)
    fail(`steps must be a whole number from 1 to ${mostSteps}, got ${steps}`);
  if (!(noise >= 0 && Number.isFinite(noise))) fail(`noise must be a number from 0 on, got ${noise}`);
  if (!(tolerance > 0)) fail(`tolerance must be above 0, got ${tolerance}`);
  const racers = Object.entries(rates).map(([name, rate]) => {
    if (!(name in rules)) fail(`rates are those of ${Object.keys(rules).join(', ')}, got ${name}`);
    if (!(rate > 0 && Number.isFinite(rate))) fail(`the rate of ${name} must be above 0, got ${rate}`);
    const { color, dash } = optimizerLooks[name as RacerName];
    return { name: name as RacerName, rate, color, dash };
  });
  if (racers.length === 0) fail('there must be a rate for at least one optimizer');
  const ground = groundOf(loss);
  const top = options.top ?? 1.5 * ground.loss(start);
  const { elev = 40, azim = -72 } = camera;
  const view = { domain, top, camera: { elev, azim } };
  checkView('liveRace', ground, view, start);
  return { loss, start, steps, tolerance, noise, falls, racers, ...view };
}

function stateOf({ steps }: RaceParts, value: unknown, name: string): RaceState {
  const { step } = (value ?? {}) as Partial<RaceState>;
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > steps)
    throw new PlotError(`liveRace: the step of ${name} must be a whole number from 0 to ${steps}, got ${step}`);
  return { step };
}

const meta = { live: 'still' };

/** The static traces of one run: its path up to a step and its ball, on the surface and on the map. */
function stillOf({ racer: { name, color, dash }, path }: RacePath, parts: RaceParts, step: number): PlotlyTrace[] {
  const ground = groundOf(parts.loss);
  const near = (parts.domain[1] - parts.domain[0]) / 120;
  const lines = trailOf(ground, parts, path, step).map((line) => apart(line, near));
  const along = lines.flatMap((line, i) => (i > 0 ? [null, ...line] : line));
  const ball = lines.at(-1)?.at(-1) ?? path[0]!;
  const short = (value: number) => Number(value.toPrecision(4));
  const part = (places: readonly (Place | null)[], side: 0 | 1) => places.map((at) => at && short(at[side]));
  const height = (at: Place | null) => at && short(ground.loss(at) + lift * parts.top);
  const edge = { color: '#FFFFFF', width: 2 };
  const drawn = (places: readonly (Place | null)[], look: Points) =>
    mark({ name, x: part(places, 0), y: part(places, 1), ...look, meta });
  const inMap = apart(path.slice(0, step + 1), near).map((at) =>
    isInBox(ground, { ...parts, top: Infinity }, at) ? at : null,
  );
  return [
    inBytes(drawn(along, { z: along.map(height), line: { color, width: 5 } })),
    drawn([ball], { z: [height(ball)], marker: { color, size: 7, line: edge } }),
    drawn(inMap, { line: { color, dash, width: 2 } }),
    drawn([ball], { marker: { color, size: 12, line: edge } }),
  ];
}

/** The points of a line that are at least `near` apart; its end stays. */
function apart(line: readonly Place[], near: number): Place[] {
  const kept = line.slice(0, 1);
  for (const [i, at] of line.entries()) {
    const [u, v] = kept.at(-1)!;
    if (Math.hypot(at[0] - u, at[1] - v) > near || i === line.length - 1) kept.push(at);
  }
  return kept;
}

function homes(parts: RaceParts): PlotlyTrace[] {
  const ground = groundOf(parts.loss);
  const all = ground.minima.filter((at) => isInBox(ground, parts, at));
  return [
    mark({
      name: 'home',
      x: all.map(([x]) => x),
      y: all.map(([, y]) => y),
      marker: { color: ink, symbol: 'diamond', size: 12, line: { color: '#FFFFFF', width: 2 } },
      meta,
    }),
  ];
}
