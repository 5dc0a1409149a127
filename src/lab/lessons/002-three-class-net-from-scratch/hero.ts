import type { Tensor } from '../../../tensor/tensor';
import { bars, curves, type Figure, network, panels, slider } from '../../plot';
import { type Pass, throughAndBack, trainByHand, type Weights } from './pass';

const [ahead, back] = ['#009E73', '#7A1FA2'];
const stages = ['row', 'hidden 1', 'hidden 2', 'scores', 'back to 3', 'back to 2', 'back to 1'];
const updates = [1, 5, 20, 40, 60, 80, 100, 150, 200];

/** Options of {@link passHero}. */
export interface PassHeroOptions {
  x: Tensor;
  y: Tensor;
  /** The weights at the start. They are copied. */
  weights: Weights;
  /** The row that is followed. Default: 0. */
  row?: number;
}

const numbers = (t: Tensor) => t.detach().flatten().tolist() as number[];
const matrix = (t: Tensor) => t.detach().t().tolist() as number[][];

/** The number of weights that a gradient changes: those whose slope is not zero. */
export const moved = (gradients: readonly Tensor[]): number =>
  gradients.reduce((sum, g) => sum + numbers(g).filter((slope) => slope !== 0).length, 0);

/**
 * A row in a forward and backward pass, and the same row while all rows train the net: the net, the row's
 * probabilities, and the loss of all rows. Slider values are the stages of the pass, then numbers of updates.
 */
export function passHero({ x, y, weights, row = 0 }: PassHeroOptions): Figure {
  const [own, truth] = [x.narrow(0, row, 1), y.narrow(0, row, 1)];
  const copies = weights.map((w) => w.detach().clone()) as unknown as Weights;
  const losses: number[] = [];
  const seen = new Map<number, { pass: Pass; drawn: number[][][] }>();
  const keep = (step: number) =>
    seen.set(step, { pass: throughAndBack(own, truth, copies), drawn: copies.slice(0, 3).map(matrix) });
  trainByHand(x, y, copies, { rate: 0.3, gamma: 0.9, steps: 200 }, (step, { loss }) => {
    losses.push(loss);
    if (step === 0 || updates.includes(step)) keep(step);
  });
  const sizes = [x.shape[1]!, ...weights.slice(0, 3).map((w) => w.shape[1]!)];
  const named = truth.item();
  const titles = [
    `A row of ${sizes[0]} numbers, and a net that has learned nothing`,
    `Forward: each of ${sizes[1]} units weighs all ${sizes[0]} numbers, ReLU silences some`,
    `Forward: ${sizes[2]} sigmoid units weigh the ${sizes[1]}`,
    'Forward: softmax turns scores into probabilities, and the row has a loss',
    'Back: error = probability − truth, and the last layer gets its slopes',
    'Back: errors pass the last weights, and the second layer gets its slopes',
  ];
  const draw = (at: string) => {
    const stage = stages.indexOf(at);
    const step = stage < 0 ? Number(at) : 0;
    const { pass, drawn } = seen.get(step)!;
    const values = [own, pass.a1, pass.a2, pass.scores].map(numbers);
    const errors = [pass.errors[2], pass.errors[1], pass.errors[0]].map(numbers);
    const slopes = pass.gradients.slice(0, 3).map(matrix);
    const isBack = stage > 3;
    const known = stage < 0 ? 3 : Math.min(stage, 3);
    /** The first block that has its gradients. */
    const from = 6 - stage;
    const lit: (number | [number, number, number])[] = isBack
      ? slopes.flatMap((block, k) =>
          k < from
            ? []
            : block.flatMap((to, j) =>
                to.flatMap((slope, i) => (slope === 0 ? [] : [[k, j, i] as [number, number, number]])),
              ),
        )
      : stage > 0
        ? [stage - 1]
        : [];
    const probability = pass.p.at(0, named).item();
    const net = network(sizes, {
      weights: drawn,
      ...(isBack && { gradients: slopes }),
      values: values.map((layer, l) => (l > known ? null : isBack && l > from ? errors[l - 1]! : layer)),
      lit,
      litColors: isBack ? [...lit.map(() => back), ahead] : [ahead, back],
      labels: ['numbers', 'ReLU', 'sigmoid', 'scores'].map(
        (name, l) => `${sizes[l]} ${isBack && l > from ? 'errors' : name}`,
      ),
      numbers: false,
    });
    const answers = known === 3 ? numbers(pass.p).map((one) => Number(one.toFixed(2))) : numbers(pass.p).map(() => 0);
    return panels(
      [
        net,
        bars([{ name: 'probability', values: answers, color: '#56718C' }], {
          labels: answers.map((_, k) => (k === named ? `${k}, true` : `${k}`)),
          xLabel: 'class',
          yRange: [0, 1.1],
          title: 'probabilities',
        }),
        curves(
          [
            {
              name: 'loss',
              ...{ x: losses.slice(0, step + 1).map((_, i) => i), y: losses.slice(0, step + 1), color: '#C04000' },
              ...{ dash: 'solid', dot: [step, losses[step]!] as const },
            },
          ],
          { xLabel: 'updates', yLog: true, xRange: [-5, 205], yRange: [0.01, 2], title: 'loss of all rows' },
        ),
      ],
      {
        widths: [2.6, 1, 1.2],
        height: 360,
        title:
          stage === 6
            ? `Back at the start: this row moves ${moved(pass.gradients)} of ${weights.reduce((sum, w) => sum + w.numel(), 0)} weights`
            : stage < 0
              ? `${step} ${step === 1 ? 'update' : 'updates'} by all rows: true class ${probability.toFixed(2)}, loss ${losses[step]!.toPrecision(2)}`
              : titles[stage]!,
      },
    );
  };
  return slider([...stages, ...updates.map(String)], draw, {
    label: 'pass, then updates',
    format: String,
    start: 3,
    play: 700,
  });
}
