import { bowl, type Pair } from '../../classic';
import { contour, curves, type Figure, panels, slider } from '../../plot';
import { colors, inWords } from './looks';

const moves = [-2, -1, 0, 1, 2];
/** The length of the map's arrows per unit of slope: that of a step at this learning rate. */
const share = 0.04;

/**
 * Two slices through the bowl with their tangents, one for each weight. On the map their slopes, times −0.04, add up to an arrow. A
 * slider moves one weight by −2 to 2 from `start`.
 */
export function slices(moved: 'w₁' | 'w₂', start: Readonly<Pair> = [5, 9]): Figure {
  const draw = (by: number): Figure => {
    const at: Pair = moved === 'w₁' ? [start[0] + by, start[1]] : [start[0], start[1] + by];
    const slopes = bowl.gradient(at);
    const end: Pair = [at[0] - share * slopes[0], at[1] - share * slopes[1]];
    const slice = (k: 0 | 1): Figure => {
      const x = Array.from({ length: 61 }, (_, i) => start[k] - 4 + i / 7.5);
      const lossAt = (w: number) => (k === 0 ? bowl.loss(w, at[1]) : bowl.loss(at[0], w));
      const here = bowl.loss(...at);
      const tangent = [at[k] - 1.5, at[k] + 1.5];
      const name = k === 0 ? 'w₁' : 'w₂';
      return curves(
        [
          { name: 'loss', x, y: x.map(lossAt), color: '#8A8A8A', dash: 'solid' },
          {
            name: `slope along ${name}`,
            x: tangent,
            y: tangent.map((w) => here + slopes[k] * (w - at[k])),
            color: k === 0 ? colors.first : colors.second,
            dash: k === 0 ? 'solid' : 'dash',
          },
          { name: 'ball', x: [at[k]], y: [here], mode: 'markers', color: colors.ball },
        ],
        {
          title: `only ${name} moves: slope ${inWords(slopes[k])}`,
          xLabel: name,
          yLabel: 'loss',
          xRange: [start[k] - 4, start[k] + 4],
          yRange: [-100, 1300],
        },
      );
    };
    const map = contour(bowl.loss, {
      title: 'from above',
      xLabel: 'w₁',
      yLabel: 'w₂',
      zLabel: 'loss',
      domain: { x: [-9, 9], y: [-5, 13] },
      levels: [20, 100, 250, 500, 900, 1500],
      resolution: 21,
      colors: 'ground',
      paths: [
        { points: [at, [end[0], at[1]]], name: 'slope along w₁', color: colors.first },
        { points: [[end[0], at[1]], end], name: 'slope along w₂', color: colors.second },
        { points: [at, end], name: 'steepest way down', color: colors.ball },
      ],
      marks: [
        { at: bowl.minimum as Pair, name: 'home', shape: 'diamond' },
        { at, name: 'start of the arrow', shape: 'ball' },
      ],
    });
    return panels([slice(0), slice(1), map], {
      title: `At (${at.map((w) => inWords(w, w % 1 ? 1 : 0)).join(', ')}) the gradient is (${slopes.map((s) => inWords(s)).join(', ')})`,
      height: 240,
    });
  };
  return slider(moves, draw, {
    label: `${moved} moved by`,
    start: 2,
    format: (by) => (Number(by) > 0 ? `+${by}` : String(by).replace('-', '−')),
  });
}
