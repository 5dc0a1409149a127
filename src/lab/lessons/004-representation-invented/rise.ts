import { stack } from '../../../ops/functions';
import { Generator } from '../../../random';
import { rand } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import { curves, type Figure } from '../../plot';
import { around, outputsAt, type RingNet } from './ring-net';

const look = { inner: '#0072B2', outer: '#D55E00', fresh: '#8A5FBF', levels: '#6B6B6B' };
/** The extent of the pictures from the middle. */
const reach = 4.2;
const directions = 72;
const tick = 0.1;

/** The distances of positions from the middle. */
const distancesOf = (places: Tensor): number[] => places.square().sum(1).sqrt().tolist() as number[];
const column = (places: Tensor, k: number): number[] => places.select(1, k).tolist() as number[];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** 300 positions up to 4.2 from the middle, evenly by distance and by direction, always the same. */
function freshPlaces(): Tensor {
  const draws = rand([300, 2], { dtype: 'float64', generator: new Generator().manualSeed(17) });
  const [far, turn] = [draws.select(1, 0).mul(reach), draws.select(1, 1).mul(2 * Math.PI)];
  return stack([turn.cos().mul(far), turn.sin().mul(far)], 1);
}

/**
 * Lines on which the output is `levels`, as one path with gaps: in each direction from the middle the first position
 * where the output reaches a level, none if it does not.
 */
export function levelLines(ringed: RingNet, levels: readonly number[]): { x: number[]; y: number[] } {
  const rays = Array.from({ length: Math.round((1.5 * reach) / tick) + 1 }, (_, i) => {
    const distance = i * tick;
    return { distance, outputs: outputsAt(ringed, around(distance, directions)) };
  });
  const path = levels.flatMap((level) => {
    const line = Array.from({ length: directions }, (_, k): [number, number] => {
      const after = rays.findIndex(
        ({ outputs }, i) => i > 0 && rays[i - 1]!.outputs[k]! < level && outputs[k]! >= level,
      );
      if (after < 0) return [Number.NaN, Number.NaN];
      const [low, high] = [rays[after - 1]!.outputs[k]!, rays[after]!.outputs[k]!];
      const distance = rays[after - 1]!.distance + (tick * (level - low)) / (high - low);
      const angle = (2 * Math.PI * (k + 0.5)) / directions;
      return [distance * Math.cos(angle), distance * Math.sin(angle)];
    });
    return [...line, line[0]!, [Number.NaN, Number.NaN] as [number, number]];
  });
  return { x: path.map(([x]) => x), y: path.map(([, y]) => y) };
}

/** The pictures of a net, and its mean outputs around the middle, at distances 1, 2, 3 and 4. */
export interface Rise {
  plane: Figure;
  outputs: Figure;
  means: number[];
}

/**
 * The two rings, with lines of equal output; and the net's output over the distance from the middle, for its training
 * points and for *new places*. The lines are at the levels of both rings, and once and twice that difference beyond.
 */
export function rise(ringed: RingNet): Rise {
  const means = [1, 2, 3, 4].map((distance) => mean(outputsAt(ringed, around(distance))));
  const [inner, outer] = means as [number, number];
  const said = outputsAt(ringed, ringed.x);
  const far = distancesOf(ringed.x);
  const ofRing = (k: number, values: readonly number[]) => values.filter((_, i) => i % 2 === k);
  const rings = [0, 1].map((k) => ({
    name: k === 0 ? 'inner ring' : 'outer ring',
    mode: 'markers' as const,
    color: k === 0 ? look.inner : look.outer,
  }));
  const levels = [0, 1, 2, 3].map((times) => inner + times * (outer - inner));
  const plane = curves(
    [
      ...rings.map((ring, k) => ({ ...ring, x: ofRing(k, column(ringed.x, 0)), y: ofRing(k, column(ringed.x, 1)) })),
      { name: 'equal outputs', ...levelLines(ringed, levels), color: look.levels, dash: 'solid' },
    ],
    { equalAspect: true, xRange: [-reach, reach], yRange: [-reach, reach], xLabel: 'x₁', yLabel: 'x₂' },
  );
  const places = freshPlaces();
  const outputs = curves(
    [
      {
        name: 'new places',
        x: distancesOf(places),
        y: outputsAt(ringed, places),
        mode: 'markers',
        color: look.fresh,
      },
      ...rings.map((ring, k) => ({ ...ring, x: ofRing(k, far), y: ofRing(k, said) })),
    ],
    { xRange: [0, reach], yRange: [-20, 60], xLabel: 'distance from the middle', yLabel: 'output' },
  );
  return { plane, outputs, means };
}
