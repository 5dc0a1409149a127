import { contour, curves, Figure, type PlotlyTrace } from '../../plot';
import type { Places } from './places';
import type { LossMap } from './wave';

/** What the two ways look like in every figure of the lesson. */
export const looks = {
  grid: { color: '#0072B2', symbol: 'x', dash: 'solid' },
  dice: { color: '#D55E00', symbol: 'circle', dash: 'solid' },
} as const;

const grey = '#8A8A8A';

/** Half an ellipse around the bottom, on which the valley is equally high; `weight` says how much the second axis matters. */
function ring(bottom: readonly number[], radius: number, weight: number): [number, number][] {
  return Array.from({ length: 97 }, (_, i) => {
    const angle = (i * Math.PI) / 48;
    // Where the second axis hardly matters a ring is endless, and no more of it is drawn than the square has.
    const up = Math.max(-2, Math.min(2, (radius * Math.sin(angle)) / Math.max(weight, 1e-6)));
    return [bottom[0]! + radius * Math.cos(angle), bottom[1]! + up];
  });
}

/**
 * A valley over two settings from above, what a grid and dice try in it, and below it their shadows on the first axis: the values of the
 * first setting that were tried. The valley's `weight` says how much the second setting matters.
 */
export function triesFigure(
  tries: { readonly grid: Places; readonly dice: Places },
  bottom: readonly number[],
  weight: number,
): Figure {
  const rings = [0.05, 0.15, 0.3, 0.5].map((radius) => ring(bottom, radius, weight));
  const gap: [number, number] = [Number.NaN, Number.NaN];
  const valley = rings.flatMap((one) => [...one, gap]);
  const figure = curves(
    [
      { name: 'equally good', x: valley.map(([x]) => x), y: valley.map(([, y]) => y), color: grey, dash: 'solid' },
      { name: 'the best place', x: [bottom[0]!], y: [bottom[1]!], mode: 'markers', color: grey },
      ...(['grid', 'dice'] as const).map((name) => ({
        name,
        x: tries[name].map(([x]) => x!),
        y: tries[name].map(([, y]) => y!),
        mode: 'markers' as const,
        color: looks[name].color,
      })),
    ],
    { xRange: [-0.02, 1.02], yRange: [-0.24, 1.02], xLabel: 'learning rate', yLabel: 'width' },
  );
  const markers = [
    undefined,
    { symbol: 'star', size: 15, color: grey },
    { symbol: looks.grid.symbol, size: 9, color: looks.grid.color },
    { symbol: looks.dice.symbol, size: 9, color: looks.dice.color },
  ];
  const seen = figure.data.map((trace, i) => ({
    ...trace,
    ...(markers[i] && { marker: markers[i] }),
    ...(i === 0 && { line: { color: grey, width: 1 } }),
    showlegend: i > 0,
  }));
  const shadows = (['grid', 'dice'] as const).map(
    (name, row): PlotlyTrace => ({
      type: 'scatter',
      mode: 'markers',
      name: `${name}, its rates`,
      x: tries[name].map(([x]) => Number(x!.toPrecision(4))),
      y: tries[name].map(() => [-0.08, -0.17][row]!),
      marker: { symbol: 'line-ns-open', size: 13, color: looks[name].color, line: { width: 2 } },
      hoverinfo: 'skip',
      showlegend: false,
    }),
  );
  const { xaxis, yaxis } = figure.layout;
  const bare = (axis: unknown, more: object = {}) => ({
    ...(axis as object),
    showticklabels: false,
    zeroline: false,
    ...more,
  });
  return new Figure({
    data: [...seen, ...shadows],
    layout: {
      ...figure.layout,
      xaxis: bare(xaxis, { constrain: 'domain' }),
      // Round rings are those of settings that matter alike, so a unit is as long on both axes.
      yaxis: bare(yaxis, { tickvals: [0, 0.5, 1], scaleanchor: 'x', constrain: 'domain' }),
    },
    description: figure.description,
  });
}

/** The values of one setting that a grid and dice have tried, in two rows. */
export function shadowsFigure(values: Record<'grid' | 'dice', readonly number[]>): Figure {
  const rows = ['grid', 'dice'] as const;
  const figure = curves(
    rows.map((name, i) => ({
      name,
      x: [...values[name]],
      y: values[name].map(() => 1 - i),
      mode: 'markers' as const,
      color: looks[name].color,
    })),
    { xRange: [-0.01, 1.01], yRange: [-0.7, 1.7], height: 120, xLabel: 'learning rate', yLabel: '' },
  );
  const data = figure.data.map((trace, i) => ({
    ...trace,
    marker: { symbol: 'line-ns-open', size: 30, color: looks[rows[i]!].color, line: { width: 2.5 } },
    showlegend: false,
  }));
  const { xaxis, yaxis } = figure.layout;
  return new Figure({
    data,
    layout: {
      ...figure.layout,
      showlegend: false,
      xaxis: { ...(xaxis as object), showticklabels: false },
      yaxis: { ...(yaxis as object), tickvals: [0, 1], ticktext: ['dice', 'grid'], showgrid: false, zeroline: false },
    },
    description: figure.description,
  });
}

/** A map of losses over two settings, with what a grid and dice have tried on it; light is low. */
export function mapFigure(map: LossMap, tries: { readonly grid: Places; readonly dice: Places }): Figure {
  const even = (count: number, whole: number) => Array.from({ length: count }, (_, i) => (whole * i) / (count - 1));
  const [x, y] = [even(73, 1), even(41, 1)];
  const z = y.map((v) => x.map((u) => Math.log10(map.at([u, v]))));
  const ground = contour({ x, y, z }, { equalAspect: false, zLabel: 'error, power of ten', colors: 'grey', levels: 8 });
  const dots = (['grid', 'dice'] as const).map(
    (name): PlotlyTrace => ({
      type: 'scatter',
      mode: 'markers',
      name,
      x: tries[name].map(([u]) => Number(u!.toPrecision(4))),
      y: tries[name].map(([, v]) => Number(v!.toPrecision(4))),
      marker: { symbol: looks[name].symbol, size: 10, color: looks[name].color },
    }),
  );
  const { xaxis, yaxis } = ground.layout;
  const ticks = (axis: unknown, title: string, tickvals: readonly number[], ticktext: readonly string[]) => ({
    ...(axis as object),
    title: { text: title },
    range: [-0.03, 1.03],
    tickvals,
    ticktext,
  });
  return new Figure({
    data: [...ground.data, ...dots],
    layout: {
      ...ground.layout,
      xaxis: ticks(xaxis, 'learning rate', [0, 0.25, 0.5, 0.75, 1], ['0.0001', '0.001', '0.01', '0.1', '1']),
      yaxis: ticks(yaxis, 'width', [0, 0.2, 0.4, 0.6, 0.8, 1], ['2', '4', '8', '16', '32', '64']),
    },
    description: ground.description,
  });
}

/** The best value so far of two searches. */
export function bestFigure(
  searches: Record<'grid' | 'dice', { readonly trials: readonly { value?: number }[] }>,
): Figure {
  const lowestSoFar = (name: 'grid' | 'dice') => {
    let best = Number.POSITIVE_INFINITY;
    return searches[name].trials.map(({ value = Number.POSITIVE_INFINITY }) => (best = Math.min(best, value)));
  };
  const figure = curves(
    (['grid', 'dice'] as const).map((name, i) => ({
      name,
      mode: 'steps' as const,
      y: lowestSoFar(name),
      color: looks[name].color,
      dash: ['dash', 'solid'][i],
    })),
    { xLabel: 'trial', yLabel: 'best error so far', yLog: true },
  );
  // The map beside it has the same names and colours in the legend.
  const data = figure.data.map((trace) => ({ ...trace, showlegend: false }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}
