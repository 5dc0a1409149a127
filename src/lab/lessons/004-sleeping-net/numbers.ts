import { curves, Figure } from '../../plot';

/** Numbers of nets: without a pill, with either of two, and with both. */
export interface Pair {
  name: string;
  without: readonly number[];
  first: readonly number[];
  second: readonly number[];
  both: readonly number[];
}

/** A row for each pair of pills, with a dot for each net at its number, logarithmic. */
export function numbers(pairs: readonly Pair[], options: { title?: string; xLabel: string }): Figure {
  const series = (name: string, pick: (pair: Pair) => readonly number[], color: string, height: number) => ({
    name,
    x: pairs.flatMap(pick),
    y: pairs.flatMap((pair, row) => pick(pair).map(() => height - row)),
    mode: 'markers' as const,
    color,
  });
  const figure = curves(
    [
      series('without', ({ without }) => without, '#8A8A8A', 0),
      series('first pill', ({ first }) => first, '#0072B2', 0.18),
      series('second pill', ({ second }) => second, '#009E73', -0.18),
      series('together', ({ both }) => both, '#B84A00', 0),
    ],
    { xLog: true, xRange: [1e-10, 3], yRange: [0.5 - pairs.length, 0.5], yLabel: '', height: 210, ...options },
  );
  const { yaxis, margin } = figure.layout;
  const names = {
    ...(yaxis as object),
    tickvals: pairs.map((_, row) => -row),
    ticktext: pairs.map(({ name }) => name),
    showgrid: false,
  };
  const layout = { ...figure.layout, yaxis: names, margin: { ...(margin as object), l: 130 } };
  return new Figure({ data: figure.data, layout, description: figure.description });
}
