import { PlotError } from '../../../errors';
import type { Tensor } from '../../../tensor/tensor';
import type { BackwardMatrices } from '../../classic/backward';
import { superscript } from '../../plot/boxes';
import type { Figure } from '../../plot/figure';
import type { Meter } from '../../plot/meters';
import { network } from '../../plot/network';
import { printed } from '../../plot/theme';

/** Options of {@link paths}. */
export interface PathsOptions {
  /** The sample whose path is shown, a row of the data, counted from 0. Default: 0. */
  sample?: number;
  /** The line above the figure. Default: the sample's contribution to the gradient. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
}

/**
 * The paths from one weight, in green, to the cost, in a drawing of the net with one sample's numbers. Below it are the
 * slopes along them, whose product is the sample's share of the weight's gradient; slopes that weights of the next
 * layer share are grey. Where paths fork, P is the sum of their gradients. Bars have one scale for all weights.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
 * const passes = classic.backward.matrices(net, randn([4, 2]), randn([4, 1]));
 * paths(passes, [0, 1, 2]);
 * @param weight the layer, the input it comes from and the unit it leads to, all counted from 0
 * @throws {PlotError} if there is no such weight or sample, or a layer's gate takes its units together, as softmax does.
 */
export function paths(
  { layers }: BackwardMatrices,
  weight: readonly [layer: number, from: number, to: number],
  options: PathsOptions = {},
): Figure {
  const { sample = 0, width } = options;
  const [l, from, to] = weight;
  const layer = layers[l];
  if (!layer) throw new PlotError(`paths: there is no layer ${l}, there are ${layers.length}, counted from 0`);
  const within = (index: number, size: number) => Number.isInteger(index) && index >= 0 && index < size;
  if (!within(from, layer.W.shape[0]!) || !within(to, layer.W.shape[1]!)) {
    throw new PlotError(
      `paths: layer ${l} has ${layer.W.shape.join(' × ')} weights, there is none at [${from}, ${to}]`,
    );
  }
  if (!within(sample, layer.I.shape[0]!)) {
    throw new PlotError(`paths: there are ${layer.I.shape[0]} samples, counted from 0, got ${sample}`);
  }
  if (layers.slice(l).some(({ dg }) => dg.ndim !== 2)) {
    throw new PlotError('paths: a gate that takes units together leaves no single slope on a path; matrices show it');
  }
  const slopes = slopesOn(layers, weight, sample);
  const sizes = [layer, ...layers.slice(l + 1)].map(({ W }) => W.shape[1]!);
  const behind = sizes.slice(1).flatMap((size, k) => {
    const starts = k === 0 ? [to] : Array.from({ length: sizes[k]! }, (_, unit) => unit);
    return starts.flatMap((start) =>
      Array.from({ length: size }, (_, unit): [number, number, number] => [l + 1 + k, unit, start]),
    );
  });
  const share = slopes.reduce((product, { value }) => product * value, 1);
  const most = largestOf(layers, sample);
  const meters = [...pathsAdded(layers, weight, sample), ...slopes].map((meter) => ({ ...meter, most }));
  const last = layers.at(-1)!;
  return network([layers[0]!.W.shape[0]!, ...layers.map(({ W }) => W.shape[1]!)], {
    weights: layers.map(({ W }) => W.t()),
    values: [...layers.map(({ I }) => I), last.O].map((t) => t.at(sample)),
    labels: ['x', ...layers.slice(1).map((_, k) => `I${superscript(k + 2)}`), 'ŷ'],
    lit: [[l, to, from], ...behind],
    litColors: ['#009E73'],
    numbers: false, // the weight itself is not a factor, the others are beside their bars
    meters,
    height: 240 + 42 * meters.length,
    title:
      options.title ??
      `Sample ${sample + 1} adds ${printed(share, 4)} to the gradient of this weight of W${superscript(l + 1)}`,
    ...(width !== undefined && { width }),
  });
}

/** The largest number on any of a sample's paths. */
function largestOf(layers: BackwardMatrices['layers'], sample: number): number {
  const sizes = layers.flatMap(({ I, P, dg, W }, l) => [
    ...[I, P, dg].map((t) => t.at(sample)),
    ...(l > 0 ? [W] : []), // no path continues through a weight of the first layer
  ]);
  return Math.max(...sizes.map((t) => t.abs().max().item()));
}

/** A meter with a known number. */
type Slope = Meter & { value: number };

/** The gradient on each path if they fork after the weight's unit: F times the weight there. */
function pathsAdded(
  layers: BackwardMatrices['layers'],
  [l, , to]: readonly [number, number, number],
  sample: number,
): Meter[] {
  const next = layers[l + 1];
  if (!next || next.W.shape[1] === 1) return [];
  const shares = next.F.at(sample).mul(next.W.at(to)).tolist() as number[];
  return shares.map((value, k) => ({ name: `path ${k + 1}: F${superscript(l + 2)} · weight`, value }));
}

/** The slopes on the path, from the cost to the weight; after a fork their sum. */
function slopesOn(
  layers: BackwardMatrices['layers'],
  [l, from, to]: readonly [number, number, number],
  sample: number,
): Slope[] {
  const at = (t: Tensor, row: number, column: number) => t.at(row, column).item();
  const { I, P, dg } = layers[l]!;
  const own: Slope[] = [
    { name: `slope g′(Z${superscript(l + 1)})`, value: at(dg, sample, to) },
    { name: l === 0 ? 'input x' : `input I${superscript(l + 1)}`, value: at(I, sample, from) },
  ];
  const next = layers[l + 1];
  if (next?.W.shape[1] === 1) {
    const weight = { name: `weight of W${superscript(l + 2)}`, value: at(next.W, to, 0) };
    const above = slopesOn(layers, [l + 1, to, 0], sample).slice(0, -1);
    return [...above.map((slope) => ({ ...slope, old: true })), weight, ...own];
  }
  const name = next ? `P${superscript(l + 1)}: their sum` : `P${superscript(l + 1)} = ∂C/∂ŷ`;
  return [{ name, value: at(P, sample, to) }, ...own];
}
