import { bowl, type Pair } from '../../classic';
import { curves, type Figure, slider } from '../../plot';
import { colors, inWords } from './looks';

const rates = [0, 0.005, 0.01, 0.02, 0.03, 0.04, 0.043, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1];

/**
 * A section of the bowl along the negative gradient at `start`: the loss L(w − η g), a parabola in η, and its tangent L − η ‖g‖². A
 * slider moves η from 0 to 0.1.
 */
export function cut(start: Readonly<Pair> = [5, 9]): Figure {
  const g = bowl.gradient(start);
  const squared = g[0] ** 2 + g[1] ** 2;
  const before = bowl.loss(...start);
  const reached = (eta: number) => bowl.loss(start[0] - eta * g[0], start[1] - eta * g[1]);
  const promised = (eta: number) => before - eta * squared;
  const x = Array.from({ length: 81 }, (_, i) => i / 800);
  return slider(
    rates,
    (eta) =>
      curves(
        [
          { name: 'the ground', x, y: x.map(reached), color: colors.ball, dash: 'solid' },
          { name: 'what the slope promises', x, y: x.map(promised), color: colors.first, dash: 'dash' },
          {
            name: 'promised and reached',
            x: [eta, eta],
            y: [promised(eta), reached(eta)],
            mode: 'markers',
            color: '#8A8A8A',
          },
        ],
        {
          title: `η = ${eta}: the slope promises ${inWords(promised(eta))}, the step reaches ${inWords(reached(eta))}`,
          xLabel: 'learning rate η of one step from (5, 9)',
          yLabel: 'loss',
          xRange: [0, 0.1],
          yRange: [-500, 1000],
          lines: [{ name: `loss before: ${before}`, y: before }],
          height: 250,
        },
      ),
    { label: 'η', start: rates.indexOf(0.01), play: true },
  );
}
