import { type Domain, Figure, type PlotlyTrace, raceMap } from '../../plot';
import { mark } from '../../plot/marks';
import { ink } from '../../plot/theme';
import type { RaceResult, Run } from '../../races';

/** Options of {@link valleyMap}. */
export interface ValleyMapOptions {
  /** The part of the map that is drawn; with `upright`, of the map before it was turned. Default: all of it. */
  domain?: Domain;
  /** Whether the map is shown as before it was turned, with turned weight axes instead. Default: false. */
  upright?: boolean;
  /** Paths drawn pale and wide below the others, in the coordinates of this map. Default: none. */
  beneath?: readonly Run[];
  /** Whether a legend names the racers. Default: false. */
  legend?: boolean;
}

const lines = 121;
const shades = 21;

/**
 * The map of `plot.raceMap` for a slider of many maps: the start is named, contour lines are fine, and the shades below
 * them coarse, to keep each map small.
 *
 * @example
 * valleyMap(races.race(races.landscapes.bowl({ angle: 45 }), races.racers()))
 * @throws {PlotError} if there are no runs.
 */
export function valleyMap(result: RaceResult, options: ValleyMapOptions = {}): Figure {
  const { upright = false, beneath = [], legend = false } = options;
  const { landscape, runs } = result;
  const domain = options.domain ?? (upright ? landscape.upright : landscape).domain;
  const ground = upright ? { ...landscape, upright: { ...landscape.upright, domain } } : { ...landscape, domain };
  const draw = (resolution: number, all: readonly Run[]) =>
    raceMap({ ...result, landscape: ground, runs: [...all] }, { upright, resolution, legend });
  const coarse = draw(shades, runs).data;
  const { data, layout, description } = draw(lines, [...beneath, ...runs]);
  const [x, y] = runs[0]!.path[0]!;
  const at = upright ? landscape.toUpright(x, y) : [x, y];
  const start: PlotlyTrace = mark({
    name: 'start',
    x: [at[0]!],
    y: [at[1]!],
    text: ['start'],
    textposition: at[1]! > (domain.y[0] + domain.y[1]) / 2 ? 'top center' : 'bottom center',
    textfont: { size: 12, color: ink },
    marker: { symbol: 'circle-open', size: 11, color: ink, line: { width: 2 } },
  });
  const ways = data.flatMap((trace, k) => ((trace.meta as { race?: string })?.race === 'still' ? [k] : []));
  const broad = ways.slice(0, beneath.length);
  // Only the upper ones end in balls.
  const look = (trace: PlotlyTrace, k: number): PlotlyTrace =>
    trace.name === 'now'
      ? coarse.find(({ name }) => name === 'now')!
      : broad.includes(k)
        ? { ...trace, line: { ...(trace.line as object), dash: 'solid', width: 7 }, opacity: 0.35, showlegend: false }
        : trace;
  return new Figure({
    data: [coarse[0]!, ...data.slice(1).map((trace, i) => look(trace, i + 1)), start],
    layout,
    description,
  });
}
