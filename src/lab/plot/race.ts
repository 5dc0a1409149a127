import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import type { RaceResult, Run } from '../races';
import { curves } from './curves';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { mark } from './marks';
import { panels } from './panels';
import { mapOf } from './race-map';
import { checkRuns, describeRun, inBytes, lookOf, placesOf, standing, tagged } from './race-parts';
import { surface } from './surface';
import { axis, baseLayout, greyScale, neutral } from './theme';

/** Options of {@link race}. */
export interface RaceOptions {
  /** The initial step. Default: the last. */
  step?: number;
  /** Whether to show the surface beside the map. Default: true. */
  surface?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of each row's drawing in pixels. Default: 230. */
  height?: number;
}

/** Smaller losses are drawn here: rounding errors do not count as a lead. */
const floor = 1e-8;

/**
 * A race of `races.race`: the surface (its height log₁₀(1 + loss)), the map, the losses, and lanes in which a smaller
 * loss is further to the right. In JupyterLab buttons play it without a kernel, and a click in the legend hides a racer
 * everywhere; elsewhere `slider(steps, (step) => race(result, { step }), { play: true })` does.
 *
 * @example
 * const result = races.race(races.landscapes.bowl(), races.racers(), { steps: 40 });
 * plot.race(result)
 * @throws {PlotError} if there are no runs, or `step` is not among the steps.
 */
export function race(result: RaceResult, options: RaceOptions = {}): Figure {
  const { runs, steps, tolerance, landscape } = result;
  const { step = steps, title, height = 230 } = options;
  checkRuns('race', result);
  if (!Number.isInteger(step) || step < 0 || step > steps)
    throw new PlotError(`race: step must be a whole number from 0 to ${steps}, got ${step}`);
  // Lines from a fine grid; the contour's shades have half as many points in each direction.
  const map = mapOf(result, { title: 'From above', height, resolution: 81 }, step);
  const figures = [
    ...(options.surface === false ? [] : [surfaceOf(result, step)]),
    map,
    lossesOf(result, step),
    lanesOf(result, step),
  ];
  const figure = panels(figures, { columns: 2, height, ...(title !== undefined && { title }) });
  const seen = new Set<string>();
  const data = figure.data.map((trace): PlotlyTrace => {
    const { race: kind, racer } = (trace.meta ?? {}) as { race?: string; racer?: string };
    if (racer === undefined) return inBytes(kind === 'now' ? { ...trace, meta: { race: kind, step } } : trace);
    const showlegend = trace.type === 'scatter' && !seen.has(racer);
    if (showlegend) seen.add(racer);
    return { ...inBytes(trace), legendgroup: racer, showlegend };
  });
  const words = runs.map((run) => describeRun(run, tolerance)).join(' ');
  return new Figure({
    data,
    layout: figure.layout,
    description:
      `A race of ${runs.length} on the landscape ${landscape.name}${title ? `: ${title}` : ''}. ` +
      `${steps} steps from (${runs[0]!.path[0]!.map((value) => formatNumber(value)).join(', ')}), shown at step ${step}. ${words}`,
  });
}

const clampedLosses = ({ losses }: Run) => losses.map((loss) => (Number.isFinite(loss) ? Math.max(loss, floor) : loss));

/** With three decimals, without a sign at zero. */
const milli = (value: number) => Math.round(value * 1000) / 1000 + 0;

function surfaceOf({ runs, landscape }: RaceResult, step: number): Figure {
  const { domain } = landscape;
  const height = (x: number, y: number) => Math.log10(1 + landscape.height(x, y));
  const base = surface(height, {
    domain,
    resolution: 41,
    xLabel: 'w₁',
    yLabel: 'w₂',
    zLabel: 'log₁₀(1 + loss)',
    title: 'The surface, log₁₀(1 + loss)',
    // The map beside it has axes; without them the surface fills its panel.
    axes: false,
    relief: 1.2,
    // From a lower camera the near wall of a valley would hide the balls.
    camera: { elev: 42 },
  });
  const heights = (base.data[0]!.z as (number | null)[][]).flat().map((z) => z ?? 0);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const raise = 0.012 * (high - low);
  const long = (domain.x[1] - domain.x[0]) / 30;
  const isSeen = ([x, y]: readonly [number, number]) =>
    x >= domain.x[0] && x <= domain.x[1] && y >= domain.y[0] && y <= domain.y[1];
  const place = (at: readonly [number, number]) =>
    isSeen(at) ? { x: at[0], y: at[1], z: height(...at) + raise } : { x: null, y: null, z: null };
  const ways = runs.map((run): PlotlyTrace => {
    const path = placesOf(run, domain, (x, y) => [x, y] as const);
    const points = path.flatMap((at, i) => {
      const next = path[i + 1];
      // Long moves follow the surface.
      const pieces = next
        ? Math.min(20, Math.max(1, Math.ceil(Math.hypot(next[0] - at[0], next[1] - at[1]) / long)))
        : 1;
      return Array.from({ length: pieces }, (_, k) =>
        place(k ? [at[0] + ((next![0] - at[0]) * k) / pieces, at[1] + ((next![1] - at[1]) * k) / pieces] : at),
      );
    });
    const part = (key: 'x' | 'y' | 'z') => points.map((point) => (point[key] === null ? null : milli(point[key]!)));
    return tagged(
      mark({
        name: run.racer.name,
        x: part('x'),
        y: part('y'),
        z: part('z'),
        line: { color: lookOf(run).color, width: 3 },
      }),
      'way3d',
      run.racer.name,
    );
  });
  const balls = standing(
    runs,
    false,
    runs.map((run) => (run.path[step] ? place(run.path[step]) : {})),
  );
  const { hovertemplate: _, ...ground } = base.data[0]!;
  const sheet: PlotlyTrace = {
    ...(ground as PlotlyTrace),
    z: (base.data[0]!.z as (number | null)[][]).map((row) => row.map((z) => (z === null ? null : milli(z)))),
    colorscale: greyScale,
    showscale: false,
    hoverinfo: 'skip',
  };
  return new Figure({ data: [sheet, ...ways, balls], layout: base.layout, description: base.description });
}

function lossesOf({ runs, tolerance, steps }: RaceResult, step: number): Figure {
  const series = runs.map((run) => ({ name: run.racer.name, y: clampedLosses(run), ...lookOf(run) }));
  const base = curves(series, {
    xLabel: 'step',
    yLabel: 'loss',
    yLog: true,
    title: 'Loss',
    xRange: [0, steps],
    lines: [{ name: `tolerance ${formatNumber(tolerance)}`, y: tolerance }],
  });
  const data = base.data.map((trace, i) => {
    const run = runs[i];
    // Hover text names the tolerance, whose line is in the lanes, too.
    if (!run) return { ...trace, showlegend: false };
    return tagged(trace, 'loss', run.racer.name);
  });
  const balls = standing(
    runs,
    true,
    runs.map((run) => ({ x: step, y: clampedLosses(run)[step] ?? null })),
  );
  return new Figure({ data: [...data, balls], layout: base.layout, description: base.description });
}

/** One lane for each racer: a smaller loss is further to the right. */
function lanesOf({ runs, tolerance }: RaceResult, step: number): Figure {
  const all = runs.map(clampedLosses);
  const finite = all.flat().filter(Number.isFinite);
  const [low, high] = [Math.min(...finite, tolerance / 2), Math.max(...all.map((losses) => losses[0]!)) * 1.5];
  const names = runs.map(({ racer }) => racer.name);
  const range: [number, number] = [Math.log10(high), Math.log10(low)];
  const lanes = runs.map((run, k) =>
    tagged(
      mark({
        name: run.racer.name,
        x: [high, low],
        y: [names[k], names[k]],
        line: { color: neutral, width: 1, dash: 'dot' },
      }),
      'lane',
      run.racer.name,
    ),
  );
  const goal: PlotlyTrace = mark({
    name: `tolerance ${formatNumber(tolerance)}`,
    x: names.map(() => tolerance),
    y: names,
    line: { color: neutral, width: 3 },
  });
  const balls = standing(
    runs,
    true,
    runs.map((_, k) => ({ x: all[k]![step] ?? null, y: names[k]! })),
  );
  const layout: PlotlyLayout = {
    ...baseLayout({ title: 'Who is ahead?', legend: [], plotHeight: 300, axes: true }),
    xaxis: { ...axis('loss', undefined, true), range, dtick: 2 },
    yaxis: { title: { text: '' }, type: 'category', autorange: 'reversed', showgrid: false, categoryarray: names },
  };
  const order = names
    .map((name, k) => ({ name, loss: all[k]![step] ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.loss - b.loss);
  return new Figure({
    data: [...lanes, goal, balls],
    layout,
    description: `Lanes at step ${step}, the smallest loss first: ${order.map(({ name, loss }) => `${name} ${formatNumber(loss)}`).join(', ')}.`,
  });
}
