/** Arrows as one plotly trace: from each tail a line to its tip, with a head along it. */
import type { PlotlyTrace } from './figure';
import { mark, orNowhere, type Points, type Stroke } from './marks';

/** How arrows look. */
export interface ArrowLook {
  color: string;
  /** Width of the shafts in pixels. */
  width: number;
  dash?: string;
  /** Diameter of the dots at the tails, in pixels. */
  tail: number;
  /** Size of the heads in pixels, one for each arrow or one for all; without a size there is none. */
  head: number | readonly number[];
  /**
   * The direction of each head on the page, in degrees from up, clockwise. Default: along its shaft, computed by
   * plotly, without dots at the tails.
   */
  angles?: readonly number[];
}

/** The size of the head of an arrow of this length in pixels; one too short for a head has none. */
export const headSize = (pixels: number): number => (pixels < 3 ? 0 : Math.round(Math.min(11, 4 + pixels / 3)));

/** Tails, tips and gaps in turn, for a trace's coordinates. */
export function shafts<P>(arrows: readonly (readonly [tail: P, tip: P])[]): (P | null)[] {
  return arrows.flatMap(([tail, tip]) => [tail, tip, null]);
}

/** Arrows along points in the order of {@link shafts}. */
export function arrowMark({ color, width, dash, tail, head, angles }: ArrowLook, points: Points): PlotlyTrace {
  const count = Math.ceil((points.x?.length ?? 0) / 3);
  const heads = Array.from({ length: count }, (_, i) => (typeof head === 'number' ? head : head[i]!));
  return mark({
    ...points,
    line: { color, width, ...(dash && { dash }) },
    marker: {
      color,
      size: shafts(heads.map((size) => [tail, size])).map((size) => size ?? tail),
      symbol: shafts(heads.map(() => ['circle', 'arrow'])).map((symbol) => symbol ?? 'circle'),
      ...(angles
        ? {
            angle: shafts(angles.map((angle) => [0, angle])).map((angle) => angle ?? 0),
            // If sizes differ, plotly puts a white line around markers.
            line: { width: 0 },
          }
        : { angleref: 'previous' }),
      opacity: 1,
    },
  });
}

/** A path: the coordinates of its points, the last with an arrowhead. */
export interface ArrowPath {
  x: readonly number[];
  y: readonly number[];
}

/** Paths as one trace, each with an arrowhead at its end; without paths it has no position. */
export function arrowPaths(name: string, paths: readonly ArrowPath[], line: Stroke): PlotlyTrace {
  const along = (axis: 'x' | 'y') => orNowhere(paths.flatMap((path) => [...path[axis], null]));
  return mark({
    name,
    x: along('x'),
    y: along('y'),
    line,
    marker: {
      color: line.color,
      size: paths.flatMap(({ x }) => [...x.map((_, k) => (k === x.length - 1 ? 9 : 0)), 0]),
      symbol: 'arrow',
      angleref: 'previous',
      opacity: 1,
    },
    cliponaxis: false,
  });
}
