import { PlotError } from '../../../errors';
import { bars } from '../../plot/bars';
import { Figure, type PlotlyLayout } from '../../plot/figure';
import { mark } from '../../plot/marks';
import { optimizerLooks } from '../../plot/race-path';
import { ink } from '../../plot/theme';

/** Options of {@link optimizerBars}. */
export interface OptimizerBarsOptions {
  /** The line above the figure. */
  title: string;
  /** The name of the axis with the values. */
  label: string;
  /** Smallest and largest value shown, on a logarithmic axis. */
  range: readonly [number, number];
  /** Single runs of each, drawn as open dots on its bar. Default: none. */
  runs?: readonly (readonly number[])[];
  /** The text below each name. Default: the value with two digits. */
  words?: readonly string[];
}

/**
 * A bar for each optimizer, in the colour that it has in all figures, on a logarithmic axis. A value beyond the range is drawn to its end.
 * @throws {PlotError} if a name is that of no optimizer, or there is not one value for each
 */
export function optimizerBars(
  names: readonly string[],
  values: readonly number[],
  { title, label, range, runs, words }: OptimizerBarsOptions,
): Figure {
  const unknown = names.find((name) => !(name in optimizerLooks));
  if (unknown !== undefined) throw new PlotError(`optimizerBars: there is no optimizer “${unknown}”`);
  if (values.length !== names.length)
    throw new PlotError(`optimizerBars: ${names.length} names and ${values.length} values`);
  const [low, high] = range;
  const inside = (value: number) => (Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : high);
  const figure = bars([{ name: label, values: values.map(inside) }], {
    ...{ labels: names, horizontal: true, yLog: true, yRange: range, yLabel: label, title },
    height: 40 * names.length,
    annotate: false,
  });
  const color = names.map((name) => optimizerLooks[name as keyof typeof optimizerLooks].color);
  const text =
    words ?? values.map((value) => (Number.isFinite(value) ? `${Number(value.toPrecision(2))}` : 'diverges'));
  const data = figure.data.map((trace) => ({ ...trace, marker: { color } }));
  // Below the names: at the bars' ends dots would cover the text.
  const ticktext = names.map((name, k) => `<b>${name}</b><br>${text[k]}`);
  const yaxis = { ...(figure.layout.yaxis as PlotlyLayout), tickmode: 'array', tickvals: [...names], ticktext };
  const dots = mark({
    name: 'single runs',
    x: (runs ?? []).flatMap((all) => all.map(inside)),
    y: (runs ?? []).flatMap((all, k) => all.map(() => names[k]!)),
    marker: { color: '#FFFFFF', size: 6, line: { color: ink, width: 1 } },
  });
  const said = names.map((name, k) => `${name} ${text[k]}`).join(', ');
  return new Figure({
    data: runs ? [...data, dots] : data,
    layout: { ...figure.layout, yaxis },
    description: `${title}. ${label}: ${said}.`,
  });
}
