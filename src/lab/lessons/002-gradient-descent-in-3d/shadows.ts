import { bowl, descend, type Pair } from '../../classic';
import { curves, type Figure, panels, slider } from '../../plot';
import { colors, inWords } from './looks';

const rates = [0.01, 0.02, 0.03, 0.043, 0.06, 0.07, 0.08, 0.0833, 0.0855, 0.0863, 0.09];
const [cos, sin] = [Math.cos(Math.PI / 8), Math.sin(Math.PI / 8)];
/** Distances from the minimum, across the valley and along it. */
const apart = ([w1, w2]: Readonly<Pair>): Pair => [cos * (w1 - 1) + sin * (w2 - 1), cos * (w2 - 1) - sin * (w1 - 1)];

/**
 * Distances from the minimum, across the valley and along it, over forty steps in the bowl, with a slider for η. The titles have the
 * factors 1 − ηλ of a step, λ = 12 ± 8√2.
 */
export function shadows(start: Readonly<Pair> = [5, 9]): Figure {
  const draw = (lr: number): Figure => {
    const distances = descend(bowl.gradient, start as Pair, { lr, steps: 40 }).points.map(apart);
    const factors = [1 - lr * (12 + 8 * Math.SQRT2), 1 - lr * (12 - 8 * Math.SQRT2)];
    const shadow = (k: 0 | 1, name: string) =>
      curves(
        [
          {
            name,
            y: distances.map((pair) => pair[k]),
            mode: 'lines+markers',
            color: k === 0 ? colors.first : colors.second,
          },
        ],
        {
          title: `${name}: times ${inWords(factors[k]!, 2 + k)} a step`,
          xLabel: 'step',
          yLabel: 'distance from home',
          xRange: [0, 40],
          yRange: [-10, 10],
        },
      );
    const across = factors[0]!;
    const verdict =
      Math.abs(across) < 0.01
        ? 'one step ends on the floor'
        : across < -1
          ? 'each leap across lands farther out'
          : across < 0
            ? 'zigzag, and both shrink'
            : 'no overshoot, both shrink';
    return panels([shadow(0, 'across the valley'), shadow(1, 'along the valley')], {
      title: `η = ${lr}: ${verdict}`,
      height: 230,
    });
  };
  return slider(rates, draw, { label: 'η', start: rates.indexOf(0.08), play: true });
}
