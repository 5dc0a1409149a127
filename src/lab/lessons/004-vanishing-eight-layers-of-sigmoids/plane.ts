import type { Figure } from '../../plot/figure';
import { toPath } from '../../plot/input';
import { plane as anyPlane, type PlaneOptions } from '../../plot/plane';
import type { Learner } from './quarters';

export type { PlaneOptions };

/**
 * The plane of {@link anyPlane} for a net and its training points, in two classes.
 *
 * @example
 * plane(trainQuarters((x) => x.tanh(), { seeds: [1] })[0]!)
 * @throws {PlotError} if `resolution` is not a whole number from 2 to 200.
 */
export function plane(net: Learner, options: PlaneOptions = {}): Figure {
  const points = toPath(net.x, 'plane: points');
  const classes = net.y.tolist() as number[];
  const of = (one: number) => points.filter((_, i) => classes[i] === one);
  return anyPlane(
    net.probability,
    [
      { name: 'class 0', points: of(0), color: '#08407A' },
      { name: 'class 1', points: of(1), color: '#8A3500', symbol: 'square' },
    ],
    options,
  );
}
