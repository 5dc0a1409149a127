import { curves } from '../../plot/curves';
import type { Figure } from '../../plot/figure';
import { activations, lookOf } from './activations';

const density = (x: number, centre: number, spread: number) =>
  Math.exp(-(((x - centre) / spread) ** 2) / 2) / (spread * Math.sqrt(2 * Math.PI));

/**
 * The mean of f(x) for normally distributed x, by the midpoint rule with 4,000 intervals over ±8 standard deviations.
 * @param spread the standard deviation, above 0
 */
export function normalMean(f: (x: number) => number, centre: number, spread: number): number {
  const n = 4000;
  const step = (16 * spread) / n;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const x = centre - 8 * spread + (i + 0.5) * step;
    sum += f(x) * density(x, centre, spread) * step;
  }
  return sum;
}

/** The root mean square slope of an activation over normally distributed inputs. */
export function rmsSlope(name: string, centre: number, spread: number): number {
  const { slope } = activations.find((one) => one.name === name)!;
  return Math.sqrt(normalMean((x) => slope(x) ** 2, centre, spread));
}

/** The derivatives of sigmoid and tanh, with the distribution of the inputs. */
export function slopesOverCrowd(centre: number, spread: number, title: string): Figure {
  const xs = Array.from({ length: 61 }, (_, i) => -6 + i / 5);
  const lines = ['sigmoid', 'tanh'].map((name) => ({
    name: `slope of ${name}`,
    x: xs,
    y: xs.map(activations.find((one) => one.name === name)!.slope),
    color: lookOf(name).color,
    dash: 'solid',
  }));
  const crowd = {
    name: 'inputs',
    x: xs,
    y: xs.map((x) => 0.8 * density(x, centre, spread) * Math.min(1, spread) * 2.5066),
    color: '#8A8A8A',
    dash: 'dot',
  };
  return curves([crowd, ...lines], {
    title,
    xLabel: 'x',
    yLabel: 'slope',
    yRange: [0, 1.05],
    xRange: [-6, 6],
    height: 260,
  });
}
