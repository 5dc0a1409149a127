import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { mark, type Points } from '../../plot/marks';
import { inBytes } from '../../plot/race-parts';
import { axis, baseLayout, neutral } from '../../plot/theme';
import { activations, lookOf } from './activations';

/** The x values of the curves, with both sides of zero, where slopes jump. */
const half = Array.from({ length: 50 }, (_, i) => Math.round(50 - i) / 10);
const places = [...half.map((x) => -x), -1e-6, 1e-6, ...[...half].reverse()];
const rounded = (values: number[]) => values.map((value) => Math.round(1e3 * value) / 1e3);

/** Positions of the curves' labels. */
const labels = [
  { name: 'sigmoid', x: -4.9, y: 0.42, anchor: 'left' },
  { name: 'tanh', x: -3.6, y: -0.62, anchor: 'left' },
  { name: 'ReLU', x: 2.9, y: 3.5, anchor: 'right' },
  { name: 'leaky ReLU', x: 2.3, y: 2.9, anchor: 'right' },
  { name: 'ELU', x: 1.7, y: 2.3, anchor: 'right' },
];

/** Options of {@link functionsAndSlopes}. */
export interface FunctionsAndSlopesOptions {
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of both panels in pixels. Default: 330. */
  height?: number;
}

/**
 * Activations above and their slopes below, on one x axis from −5 to 5, with a dot on each curve at x. Traces of slopes are called
 * `slope, …`.
 */
export function functionsAndSlopes(x: number, options: FunctionsAndSlopesOptions = {}): Figure {
  const { title, height = 330 } = options;
  // Thick lines first, so that none hides another.
  const order = ['ReLU', 'leaky ReLU', 'ELU', 'GELU', 'tanh', 'sigmoid'];
  const ordered = order.map((name) => activations.find((one) => one.name === name)!);
  const shown = (name: string) => (name === 'GELU' ? { visible: 'legendonly' as const } : {});
  const curve = (name: string, y: number[], more: Points): PlotlyTrace => {
    const { color, dash, width } = lookOf(name);
    return inBytes(
      mark({
        x: places,
        y: rounded(y),
        line: { color, dash, width, simplify: false },
        legendgroup: name,
        ...shown(name),
        ...more,
      }),
    );
  };
  const dot = (name: string, y: number, more: Points): PlotlyTrace => {
    const { color, symbol, size } = lookOf(name);
    return mark({
      x: [x],
      y: rounded([y]),
      marker: { color, symbol, size, line: { color: '#8A8A8A', width: 1 } },
      legendgroup: name,
      ...shown(name),
      ...more,
    });
  };
  const upright = (name: string, yaxis: string, y: number[]): PlotlyTrace =>
    mark({
      name,
      x: [x, x],
      y,
      yaxis,
      line: { color: neutral, width: 1, dash: 'dot' },
    });
  const data: PlotlyTrace[] = [
    upright('x, here', 'y', [-1.35, 4.4]),
    upright('slope, here', 'y2', [-0.2, 1.36]),
    ...ordered.map(({ name, f }) => curve(name, places.map(f), { name, legend: true })),
    ...ordered.map(({ name, slope }) => curve(name, places.map(slope), { name: `slope, ${name}`, yaxis: 'y2' })),
    ...labels.map(
      ({ name, x: at, y, anchor }): PlotlyTrace =>
        mark({
          name: `${name}, its name`,
          x: [at],
          y: [y],
          text: [`<b>${name}</b>`],
          textposition: anchor === 'left' ? 'middle right' : 'middle left',
          textfont: { color: lookOf(name).color },
          legendgroup: name,
        }),
    ),
    ...ordered.map(({ name, f }) => dot(name, f(x), { name: `${name}, here` })),
    ...ordered.map(({ name, slope }) => dot(name, slope(x), { name: `slope, ${name}, here`, yaxis: 'y2' })),
  ];
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: true }),
    xaxis: { ...axis('x', [-5.05, 5.05]), anchor: 'y2', dtick: 1 },
    yaxis: { ...axis('f(x)', [-1.35, 4.4]), domain: [0.43, 1], dtick: 1 },
    yaxis2: {
      ...axis('slope', [-0.2, 1.36]),
      domain: [0, 0.36],
      anchor: 'x',
      tickvals: [0, 0.25, 0.5, 1],
      ticktext: ['0', '¼', '½', '1'],
    },
  };
  const numbers = ordered.map(({ name, f }) => `${name} ${f(x).toFixed(2)}`).join(', ');
  return new Figure({
    data,
    layout,
    description: `${title ?? 'Activation functions and their slopes'}. At x = ${x}: ${numbers}.`,
  });
}
