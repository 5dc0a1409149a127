import type { RaceResult } from '../races';
import { contour } from './contour';
import { Figure, type PlotlyTrace } from './figure';
import { compact, type Domain } from './input';
import { mark } from './marks';
import { checkRuns, describeRun, inBytes, lookOf, placesOf, standing, tagged } from './race-parts';
import { ink } from './theme';

/** Options of {@link raceMap}. */
export interface RaceMapOptions {
  /** Whether a turned landscape is drawn as it was before, with its axes turned instead. Default: false. */
  upright?: boolean;
  /** The points of the grid in each direction. Default: 61. */
  resolution?: number;
  /** Whether a legend names the racers; bars in the same colours beside the map also name them. Default: true. */
  legend?: boolean;
  /** The name of the horizontal axis. Default: w₁, upright u₁. */
  xLabel?: string;
  /** The name of the vertical axis. Default: w₂, upright u₂. */
  yLabel?: string;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as equal axes need. */
  width?: number;
  /** Height of the drawing in pixels. Default: 420. */
  height?: number;
}

/**
 * The paths of a race on its map, seen from above, to twenty steps after the arrival; with `upright` a rotated map
 * stays in place and its axes rotate.
 * @example
 * const result = races.race(races.landscapes.bowl(), races.racers(), { steps: 40 });
 * plot.raceMap(result)
 * @throws {PlotError} if there are no runs.
 */
export function raceMap(result: RaceResult, options: RaceMapOptions = {}): Figure {
  checkRuns('raceMap', result);
  const { data, layout, description } = mapOf(result, options);
  return new Figure({ data: data.map(inBytes), layout, description });
}

/** The number of steps that are drawn after a path's arrival. */
const after = 20;

/** The map of {@link raceMap}; with a step, it contains every step of every path for a player. */
export function mapOf(result: RaceResult, options: RaceMapOptions, step?: number): Figure {
  const { runs, landscape } = result;
  const { upright = false, resolution = 61, legend = true, ...rest } = options;
  const ground = upright ? landscape.upright : landscape;
  const change = upright ? landscape.toUpright : (x: number, y: number) => [x, y] as [number, number];
  const { domain } = ground;
  // On an upright map the axes are the map's own.
  const names = upright ? { xLabel: 'u₁', yLabel: 'u₂' } : { xLabel: 'w₁', yLabel: 'w₂' };
  const look = { colors: 'grey', spacing: 'log', levels: 9 } as const;
  const base = contour(ground.height, { domain, resolution, zLabel: 'loss', ...look, ...names, ...rest });
  const round = (values: (number | null)[]) => compact(values, domain.x[1] - domain.x[0]);
  const near = (domain.x[1] - domain.x[0]) / (options.height ?? 420);
  const ways = runs.map((run): PlotlyTrace => {
    const { color, dash } = lookOf(run);
    // Only a player needs every step, and those long after the arrival.
    const all = placesOf(run, domain, change).slice(0, step === undefined ? run.settled + after : undefined);
    const places = step === undefined ? apart(all, near) : all;
    return tagged(
      mark({
        name: run.racer.name,
        x: round(places.map(([x]) => x)),
        y: round(places.map(([, y]) => y)),
        line: { color, dash, width: 2 },
        opacity: 0.8,
        hover:
          step === undefined
            ? `${run.racer.name}<extra></extra>`
            : `${run.racer.name}, step %{pointNumber}<extra></extra>`,
        legend: legend,
      }),
      step === undefined ? 'still' : 'way',
      run.racer.name,
    );
  });
  const minima: PlotlyTrace = mark({
    name: 'lowest',
    x: round(ground.minima.map(([x]) => x)),
    y: round(ground.minima.map(([, y]) => y)),
    marker: { symbol: 'star', size: 10, color: ink, line: { color: '#FFFFFF', width: 1 } },
  });
  const balls = standing(
    runs,
    true,
    runs.map((run) => {
      const at = placesOf(run, domain, change)[step ?? Math.min(run.path.length, run.settled + after) - 1];
      return at ? { x: round([at[0]])[0], y: round([at[1]])[0] } : {};
    }),
  );
  const cross = upright ? [axesOf(landscape.angle, domain, ground.minima[0])] : [];
  // A map of paths needs no numbers on its ground.
  const [shades, lines, ...others] = base.data;
  const data = [shades!, simpler(lines!, (domain.x[1] - domain.x[0]) / 1500), ...others].map(
    ({ text: _, colorbar: __, hovertemplate: ___, ...trace }) =>
      trace.type === 'contour' ? { ...trace, showscale: false, hoverinfo: 'skip' } : trace,
  );
  return new Figure({
    data: [...(data as PlotlyTrace[]), ...cross, ...ways, minima, balls],
    layout: base.layout,
    description: `${base.description} ${runs.map((run) => describeRun(run, result.tolerance)).join(' ')}`,
  });
}

/** Returns the two axes of weights, rotated against a fixed map. */
function axesOf(angle: number, { x, y }: Domain, middle: readonly [number, number] | undefined): PlotlyTrace {
  const [cx, cy] = middle ?? [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const long = 0.46 * Math.min(x[1] - x[0], y[1] - y[0]);
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const ends = [
    [cos, sin],
    [-sin, cos],
  ].flatMap(([u, v], i) => [
    { x: cx - u! * long, y: cy - v! * long, text: '' },
    { x: cx + u! * long, y: cy + v! * long, text: i ? 'w₂' : 'w₁' },
    { x: null, y: null, text: '' },
  ]);
  const round = (values: (number | null)[]) => compact(values, long);
  return mark({
    name: 'axes of the weights',
    x: round(ends.map((end) => end.x)),
    y: round(ends.map((end) => end.y)),
    text: ends.map((end) => end.text),
    textposition: ends.map((end) => (end.text === 'w₁' ? 'top left' : 'top right')),
    textfont: { size: 14, color: ink },
    line: { color: ink, width: 1.4, dash: 'dash' },
  });
}

/** Simplifies the lines of a trace; no removed point was farther than `tolerance` from the result. */
function simpler(trace: PlotlyTrace, tolerance: number): PlotlyTrace {
  const [x, y] = [trace.x, trace.y] as (number | null)[][];
  const kept: number[] = [];
  const keep = (from: number, to: number): void => {
    const [ax, ay, bx, by] = [x![from]!, y![from]!, x![to]!, y![to]!];
    const long = Math.hypot(bx - ax, by - ay);
    let [most, at] = [tolerance, -1];
    for (let i = from + 1; i < to; i++) {
      const [u, v] = [x![i]! - ax, y![i]! - ay];
      const far = long > 0 ? Math.abs(u * (by - ay) - v * (bx - ax)) / long : Math.hypot(u, v);
      if (far > most) [most, at] = [far, i];
    }
    if (at < 0) return;
    keep(from, at);
    kept.push(at);
    keep(at, to);
  };
  for (let from = 0; from < x!.length; ) {
    const gap = x!.indexOf(null, from);
    const end = gap < 0 ? x!.length : gap;
    kept.push(from);
    keep(from, end - 1);
    if (end - 1 > from) kept.push(end - 1);
    if (gap >= 0) kept.push(gap);
    from = end + 1;
  }
  return { ...trace, x: kept.map((i) => x![i]!), y: kept.map((i) => y![i]!) };
}

/** The points that are more than about a pixel apart. */
function apart(places: readonly (readonly [number, number])[], near: number) {
  const kept = places.slice(0, 1);
  for (const [x, y] of places) {
    const [u, v] = kept.at(-1)!;
    if (Math.hypot(x - u, y - v) > near) kept.push([x, y]);
  }
  return kept;
}
