import { type CurvesOptions, curves, type Series } from '../../plot/curves';
import { Figure, type PlotlyLayout } from '../../plot/figure';

/** Probabilities of “yes” as axis labels, and their positions: log-odds ln(p / (1 − p)). */
const ticks: [number, string][] = [
  [Math.log(1e-6), '10⁻⁶'],
  [Math.log(1 / 999), '0.001'],
  [0, '½'],
  [Math.log(999), '0.999'],
  [-Math.log(1e-6), '1 − 10⁻⁶'],
];

/** Options of {@link oddsCurves}. */
export interface OddsOptions extends CurvesOptions {
  /** Names of x = 0, 1, 2, …, for columns of points. Default: numbers. */
  columns?: readonly string[];
}

/**
 * Curves of log-odds, with probabilities as axis labels: even odds are in the middle, one in a thousand is as far below
 * as 999 in a thousand above.
 */
export function oddsCurves(series: readonly Series[], { columns, ...options }: OddsOptions = {}): Figure {
  const figure = curves(series, { yLabel: 'chance of “yes”', ...options });
  const named = columns && { tickvals: columns.map((_, i) => i), ticktext: columns };
  const xaxis = { ...(figure.layout.xaxis as PlotlyLayout), ...named };
  const yaxis = { ...(figure.layout.yaxis as PlotlyLayout), tickvals: ticks.map(([at]) => at) };
  const layout = { ...figure.layout, xaxis, yaxis: { ...yaxis, ticktext: ticks.map(([, text]) => text) } };
  return new Figure({ data: figure.data, layout, description: figure.description });
}

/**
 * Formats log-odds in words, with as many digits as the rarer class needs: “yes, 99.998 %”.
 *
 * @example
 * inWords(-6.9) // 'no, 99.9 %'
 */
export function inWords(logOdds: number): string {
  const rarer = 100 / (1 + Math.exp(Math.abs(logOdds)));
  const digits = Math.max(0, Math.min(9, -Math.floor(Math.log10(rarer))));
  return `${logOdds > 0 ? 'yes' : 'no'}, ${(100 - rarer).toFixed(digits)} %`;
}
