import { descend, type Pair } from '../../classic';
import { contour, curves, type Figure, panels, slider } from '../../plot';
import { inWords, rules } from './looks';

const kappas = [1, 3, 10, 34, 100];
/** The curvature across every valley: that of the bowl. */
const wall = 12 + 8 * Math.SQRT2;
const [cos, sin] = [Math.cos(Math.PI / 8), Math.sin(Math.PI / 8)];
const start: Pair = [5, 9];
const toAxes = ([w1, w2]: Readonly<Pair>): Pair => [cos * (w1 - 1) + sin * (w2 - 1), cos * (w2 - 1) - sin * (w1 - 1)];
const fromAxes = ([a, b]: Readonly<Pair>): Pair => [1 + cos * a - sin * b, 1 + sin * a + cos * b];

/** A valley with curvatures λ across and λ/κ along, and the asymptotically best rates for plain descent and momentum. */
function valley(kappa: number) {
  const floor = wall / kappa;
  const root = Math.sqrt(kappa);
  return {
    loss: (w1: number, w2: number) => {
      const [a, b] = toAxes([w1, w2]);
      return (wall * a * a + floor * b * b) / 2;
    },
    /** A step shrinks both axes by (κ − 1)/(κ + 1). */
    plain: { lr: 2 / (wall + floor), momentum: 0 },
    /** A step shrinks both by (√κ − 1)/(√κ + 1), the root of this momentum (Polyak). */
    momentum: { lr: 4 / (Math.sqrt(wall) + Math.sqrt(floor)) ** 2, momentum: ((root - 1) / (root + 1)) ** 2 },
    gradient: ([a, b]: Readonly<Pair>): Pair => [wall * a, floor * b],
  };
}

const walk = (kappa: number, rule: 'plain' | 'momentum', steps: number): Pair[] => {
  const { gradient, ...all } = valley(kappa);
  return descend(gradient, toAxes(start), { ...all[rule], steps }).points.map(fromAxes);
};

/**
 * The number of steps from (5, 9) until the loss is at most `share` of the initial one, in a valley of condition number κ. Each rule has
 * its best constant rate and momentum.
 */
export function stepsUntil(kappa: number, rule: 'plain' | 'momentum', share = 1e-6): number {
  const { loss } = valley(kappa);
  const before = loss(...start);
  // κ ln(1/share) / 4 steps suffice for plain descent; momentum needs fewer, except at the beginning.
  const most = Math.ceil(50 + kappa * Math.log(1 / share));
  return walk(kappa, rule, most).findIndex((at) => loss(...at) <= share * before);
}

/**
 * Plain descent and momentum in valleys that get narrower: their paths on the map, and their losses. A slider moves the condition number
 * κ from 1 to 100.
 */
export function narrow(): Figure {
  const draw = (kappa: number): Figure => {
    const { loss } = valley(kappa);
    const paths = { plain: walk(kappa, 'plain', 150), momentum: walk(kappa, 'momentum', 150) };
    const before = loss(...start);
    const map = contour(loss, {
      title: 'the first 8 steps',
      xLabel: 'w₁',
      yLabel: 'w₂',
      zLabel: 'loss',
      domain: { x: [-10, 10], y: [-10, 10] },
      levels: [40, 200, 600],
      resolution: 21,
      colors: 'ground',
      paths: (['plain', 'momentum'] as const).map((rule) => ({
        points: paths[rule].slice(0, 9),
        name: rule,
        color: rules[rule].color,
      })),
      marks: [
        { at: [1, 1], name: 'home', shape: 'diamond' },
        { at: start, name: 'start', shape: 'ball' },
      ],
    });
    const losses = curves(
      (['plain', 'momentum'] as const).map((rule) => ({
        name: rule,
        y: paths[rule].map((at) => loss(...at) / before),
        ...rules[rule],
      })),
      {
        title: 'loss, as a share of the first',
        xLabel: 'step',
        yLabel: '',
        yLog: true,
        xRange: [0, 150],
        yRange: [1e-8, 10],
        lines: [{ name: 'a millionth', y: 1e-6 }],
      },
    );
    const [plain, momentum] = [stepsUntil(kappa, 'plain'), stepsUntil(kappa, 'momentum')];
    return panels([map, losses], {
      title: `κ = ${kappa}: down to a millionth in ${plain} step${plain === 1 ? '' : 's'}, with momentum in ${momentum}`,
      height: 260,
      widths: [4, 5],
    });
  };
  return slider(kappas, draw, { label: 'κ', start: kappas.indexOf(34), format: (kappa) => inWords(Number(kappa)) });
}
