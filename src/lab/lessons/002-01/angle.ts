import { PlotError } from '../../../errors';
import { type Point, toPoint } from '../../plot/input';

/**
 * The angle between two directions, from 0 to 180 degrees, for titles: arccos(a·b / ‖a‖‖b‖).
 * @throws {PlotError} if one of them has no direction.
 */
export function angleBetween(a: Point, b: Point): number {
  const [[x, y], [u, v]] = [toPoint(a, 'angleBetween: a'), toPoint(b, 'angleBetween: b')];
  if ((x === 0 && y === 0) || (u === 0 && v === 0)) throw new PlotError('angleBetween: (0, 0) has no direction');
  // By the tangent, which is exact where the cosine hardly changes.
  return (Math.abs(Math.atan2(x * v - y * u, x * u + y * v)) * 180) / Math.PI;
}
