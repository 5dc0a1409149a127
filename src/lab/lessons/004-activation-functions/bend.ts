import { curves } from '../../plot/curves';
import type { Figure } from '../../plot/figure';
import { panels } from '../../plot/panels';

/** The four rows of XOR: two inputs, and whether exactly one of them is 1. */
export const xor = [
  { x: [0, 0], y: 0 },
  { x: [0, 1], y: 1 },
  { x: [1, 0], y: 1 },
  { x: [1, 1], y: 0 },
] as const;

/** relu(s) − 2·by·relu(s − 1) for the sum s of the inputs: a straight line for 0, a tent for 1. */
export const bent = (s: number, by: number): number => Math.max(0, s) - 2 * by * Math.max(0, s - 1);

/** The number of XOR rows on the correct side of ½. */
export const rightRows = (by: number): number =>
  xor.filter(({ x, y }) => bent(x[0] + x[1], by) > 0.5 === (y === 1)).length;

/**
 * XOR from one sum of the inputs. Left: the sum, bent by 0 to 1, with the threshold ½. Right: its decision boundaries among the inputs.
 */
export function bendFigure(by: number, title: string): Figure {
  const sums = [-0.5, 0, 0.5, 1, 1.5, 2, 2.5];
  const rows = (y: number) => xor.filter((row) => row.y === y);
  const points = (y: number, name: string, color: string) => [
    {
      name,
      x: rows(y).map(({ x }) => x[0] + x[1]),
      y: rows(y).map(({ x }) => bent(x[0] + x[1], by)),
      mode: 'markers' as const,
      color,
    },
    { name, x: rows(y).map(({ x }) => x[0]), y: rows(y).map(({ x }) => x[1]), mode: 'markers' as const, color },
  ];
  const [no, yes] = [points(0, '0', '#0072B2'), points(1, '1', '#D55E00')];
  // The bent sum is ½ once while it rises, and again beyond 1 if it falls far enough.
  const again = by > 0.5 ? 1 + 0.5 / (2 * by - 1) : Number.NaN;
  const border = (s: number) => ({ x: [-0.5, 1.5], y: [s + 0.5, s - 1.5] });
  const left = curves(
    [{ name: 'bent sum', x: sums, y: sums.map((s) => bent(s, by)), color: '#6B6B6B', dash: 'solid' }, no[0]!, yes[0]!],
    {
      title: `${by === 0 ? 's' : `relu(s) − ${2 * by} relu(s − 1)`}`,
      xLabel: 's = x₁ + x₂',
      yLabel: '',
      xRange: [-0.4, 2.4],
      yRange: [-0.4, 2.4],
      lines: [{ name: 'limit ½', y: 0.5 }],
      height: 270,
    },
  );
  const right = curves(
    [
      { name: 'border', ...border(0.5), color: '#6B6B6B', dash: 'solid' },
      {
        name: 'border',
        ...(Number.isNaN(again) ? { x: [9, 9], y: [9, 9] } : border(again)),
        color: '#6B6B6B',
        dash: 'solid',
      },
      no[1]!,
      yes[1]!,
    ],
    { title: 'the inputs', xLabel: 'x₁', yLabel: 'x₂', xRange: [-0.5, 1.5], yRange: [-0.5, 1.5], height: 270 },
  );
  return panels([left, right], { title, height: 270 });
}
