import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { barMark } from '../../plot/marks';
import { axis, baseLayout } from '../../plot/theme';
import { lookOf } from './activations';

/** What is left of a gradient after so many layers, for one activation. */
export interface Left {
  name: string;
  /** The product of the layers' root mean square slopes. */
  slopes: number;
  /** What arrives, by slopes and weights. */
  arrives: number;
}

/** A power of ten: 10⁻⁶. */
const power = (exponent: number) =>
  `10${[...String(exponent)].map((sign) => (sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)])).join('')}`;

/** A fraction as text: 26 %, “1 in 2,200”, “1 in 10⁷”. */
export function share(value: number): string {
  if (value > 1.05) return `${value.toFixed(1)} ×`;
  if (value > 0.015) return `${Math.round(100 * value)} %`;
  const parts = Number((1 / value).toPrecision(2));
  if (parts < 1e6) return `1 in ${parts.toLocaleString('en')}`;
  const [digit, exponent] = parts.toExponential(0).split('e') as [string, string];
  return `1 in ${digit === '1' ? '' : `${digit} × `}${power(Number(exponent))}`;
}

const lowest = -14;

/** Two bars for each activation, on a log axis: filled for the slopes alone, open for what arrives. */
export function whatIsLeft(all: readonly Left[], options: { title?: string; height?: number } = {}): Figure {
  const { title, height = 260 } = options;
  const tall = (value: number) => Math.round(1000 * (Math.log10(value) - lowest)) / 1000;
  const bar = (one: Left, i: number, key: 'slopes' | 'arrives'): PlotlyTrace => {
    const { color } = lookOf(one.name);
    const isFilled = key === 'slopes';
    return barMark({
      name: `${one.name}, ${isFilled ? 'slopes alone' : 'what arrives'}`,
      x: [i + (isFilled ? -0.2 : 0.2)],
      y: [tall(one[key])],
      width: 0.36,
      marker: isFilled ? { color } : { color: 'rgba(0, 0, 0, 0)', line: { color, width: 2.5 } },
      text: [share(one[key])],
      textposition: isFilled ? 'none' : 'outside',
      ...(!isFilled && { cliponaxis: false }),
      hoverinfo: 'text',
    });
  };
  const ticks = [-14, -12, -10, -8, -6, -4, -2, 0];
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: true }),
    xaxis: {
      ...axis('', [-0.6, all.length - 0.4]),
      tickvals: all.map((_, i) => i),
      ticktext: all.map(({ name }) => name),
    },
    yaxis: {
      ...axis('part of the gradient', [0, 16]),
      tickvals: ticks.map((exponent) => exponent - lowest),
      ticktext: ticks.map((exponent) => (exponent === 0 ? 'all' : power(exponent))),
    },
    bargap: 0,
  };
  const words = all.map(({ name, arrives }) => `${name} ${share(arrives)}`).join(', ');
  return new Figure({
    data: all.flatMap((one, i) => [bar(one, i, 'slopes'), bar(one, i, 'arrives')]),
    layout,
    description: `${title ?? 'What is left of a gradient'}. What arrives: ${words}.`,
  });
}
