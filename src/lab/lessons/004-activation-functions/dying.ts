import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { mark } from '../../plot/marks';
import { axis, baseLayout, neutral } from '../../plot/theme';
import { activations, lookOf } from './activations';

/** A unit of one input: its kink, whether the active side is above it, and whether any row activates it. */
export interface KinkNow {
  kink: number;
  up: boolean;
  alive: boolean;
}

/** The data: 41 points from −2 to 2. */
export const rows: readonly number[] = Array.from({ length: 41 }, (_, i) => Math.round(10 * (-2 + i / 10)) / 10);

/** A linear congruential generator of numbers from 0 to 1. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Options of {@link fitSine}. */
export interface FitSineOptions {
  /** The rate of the first fifteen steps, and that of the later ones. */
  rates: readonly [number, number];
  /** The number of steps. */
  steps: number;
  seed: number;
}

/**
 * Fits eight units of one input, y = Σ v·f(wx + b) + c, to sin 2x on {@link rows} by plain descent on the mean squared error.
 * @returns the units' kinks before each step and after the last; the list ends early if the net diverges
 */
export function fitSine(name: 'ReLU' | 'leaky ReLU', { rates, steps, seed }: FitSineOptions): KinkNow[][] {
  const { f, slope } = activations.find((one) => one.name === name)!;
  const next = numbersFrom(seed * 977);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(6.28318 * next());
  const units = Array.from({ length: 8 }, () => {
    const w = normal() * 1.4;
    return { w, b: -w * (next() * 3.6 - 1.8), v: (normal() * 1.5) / Math.sqrt(8) };
  });
  let c = 0;
  const course: KinkNow[][] = [];
  for (let step = 0; step <= steps; step++) {
    course.push(units.map(({ w, b }) => ({ kink: -b / w, up: w > 0, alive: rows.some((x) => w * x + b > 0) })));
    const slopes = units.map(() => ({ w: 0, b: 0, v: 0 }));
    let dc = 0;
    for (const x of rows) {
      const z = units.map(({ w, b }) => w * x + b);
      const out = units.reduce((sum, { v }, k) => sum + v * f(z[k]!), c);
      const g = (2 * (out - Math.sin(2 * x))) / rows.length;
      dc += g;
      for (const [k, { v }] of units.entries()) {
        const d = g * v * slope(z[k]!);
        slopes[k]!.v += g * f(z[k]!);
        slopes[k]!.b += d;
        slopes[k]!.w += d * x;
      }
    }
    const rate = step < 15 ? rates[0] : rates[1];
    for (const [k, unit] of units.entries())
      for (const key of ['w', 'b', 'v'] as const) unit[key] -= rate * slopes[k]![key];
    c -= rate * dc;
    if (!units.every(({ w, b, v }) => [w, b, v].every((one) => Math.abs(one) < 1e6))) break;
  }
  return course;
}

/** The number of dead units: those that no row activates. */
export const deadAt = (course: readonly (readonly KinkNow[])[], step: number): number =>
  course[step]!.filter(({ alive }) => !alive).length;

/** The kinks by step, up to a step. A triangle points to the active side; that of a dead unit is red. */
export function kinkCourse(
  name: 'ReLU' | 'leaky ReLU',
  course: readonly KinkNow[][],
  shown: readonly number[],
  at: number,
  options: { title?: string; height?: number } = {},
): Figure {
  const { title, height = 280 } = options;
  const { color } = lookOf(name);
  const until = shown.slice(0, at + 1);
  const now = course[until.at(-1)!]!;
  const clipped = (y: number) => Math.round(100 * Math.min(4.2, Math.max(-3.8, y))) / 100;
  // A trace, since `ask` replaces the shapes of a figure.
  const ground: PlotlyTrace = mark({
    name: 'where the data lie',
    x: [-0.8, shown.length + 2, shown.length + 2, -0.8],
    y: [-2, -2, 2, 2],
    fill: 'toself',
    fillcolor: 'rgba(128, 128, 128, 0.14)',
    line: { width: 0 },
  });
  const units: PlotlyTrace[] = now.flatMap(({ alive, up }, k): PlotlyTrace[] => [
    mark({
      name: `unit ${k + 1}`,
      x: until.map((_, i) => i),
      y: until.map((step) => clipped(course[step]![k]!.kink)),
      line: { color: alive ? color : neutral, width: 2.2, dash: alive ? 'solid' : '4px,4px', simplify: false },
    }),
    mark({
      name: `unit ${k + 1}, now`,
      x: [at],
      y: [clipped(now[k]!.kink)],
      marker: { color: alive ? color : '#D1001F', size: alive ? 11 : 14, symbol: up ? 'triangle-up' : 'triangle-down' },
      text: [alive ? '' : ' off'],
      textposition: 'middle right',
      cliponaxis: false,
    }),
  ]);
  const ticks = [0, 15, 40, 100, 400, 800].filter((step) => shown.includes(step));
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: true }),
    xaxis: {
      ...axis('step', [-0.8, shown.length + 2]),
      tickvals: ticks.map((step) => shown.indexOf(step)),
      ticktext: ticks.map(String),
    },
    yaxis: { ...axis('where its kink lies', [-3.9, 4.3]), dtick: 2 },
    annotations: [
      { text: 'the data lie here', x: 0.995, xref: 'paper', xanchor: 'right', y: -1.75, showarrow: false },
      { text: '▲ ▼ active side', x: 0.995, xref: 'paper', xanchor: 'right', y: -3.5, showarrow: false },
    ],
  };
  const dead = now.filter(({ alive }) => !alive).length;
  return new Figure({
    data: [ground, ...units],
    layout,
    description: `${title ?? 'Kinks of eight units'}. ${name}, step ${until.at(-1)}: ${dead} of 8 units are active on no row.`,
  });
}
