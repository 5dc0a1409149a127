import { Figure, type PlotlyLayout } from '../../plot/figure';

/**
 * A figure with x ticks at these values only, all in one size. On a logarithmic axis of few decades plotly also labels 2 to 9, too small
 * to read.
 *
 * @example
 * const losses = plot.curves([{ name: 'loss', x: [1, 2, 4, 8], y: [4, 3, 2, 1] }], { xLog: true, xLabel: 'layers' });
 * ticksAt(losses, [1, 2, 4, 8])
 */
export function ticksAt({ data, layout, description }: Figure, values: readonly number[]): Figure {
  const marks = { tickmode: 'array', tickvals: [...values], ticktext: values.map(String), tickfont: { size: 12 } };
  return new Figure({
    data,
    layout: { ...layout, xaxis: { ...(layout.xaxis as PlotlyLayout), ...marks } },
    description,
  });
}
