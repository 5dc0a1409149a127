/** One example of each kind of figure, on the two-weight loss whose minimum is (1, 1). */
import { Generator, nn, randn, tensor, trees, tuner } from '../../../src';
import { classic, races } from '../../../src/lab';
import { shapes } from '../../../src/lab/lessons/003-backprop-through-blocks';
import { blocks } from '../../../src/lab/lessons/003-models-losses-descent';
import { blockFlow } from '../../../src/lab/lessons/003-modules';
import { gridWorld, policy, reinforce } from '../../../src/lab/lessons/003-policy-gradient';
import { hiddenSpace, rounds, shapeTable } from '../../../src/lab/lessons/004-arrays-matrices-tensors';
import { timetable } from '../../../src/lab/lessons/004-backpropagation-derived';
import { kinks, raster } from '../../../src/lab/lessons/004-dying-relu';
import {
  bars,
  confusion,
  contour,
  curves,
  descent as descentOn,
  dots,
  type Figure,
  field,
  heatmap,
  histogram,
  histograms,
  images,
  lamps,
  layerGraph,
  liveRace,
  matrices,
  network,
  optimizationHistory,
  type PlotlyTrace,
  pairs,
  panels,
  parallelCoordinate,
  race,
  raceBars,
  raceMap,
  scatter,
  slice,
  slider,
  strip,
  surface,
  tape,
  tiles,
  timeline,
  tree,
} from '../../../src/lab/plot';

export const loss = (w1: number, w2: number): number => (2 - w1 - w2) ** 2 + (4 - 3 * w1 - w2) ** 2;

export const gradient = ([w1, w2]: [number, number]): [number, number] => {
  const [first, second] = [2 - w1 - w2, 4 - 3 * w1 - w2];
  return [-2 * first - 6 * second, -2 * first - 2 * second];
};

/** Gradient descent, from (-8, 8) by default. */
export function descent(lr: number, steps: number, start: [number, number] = [-8, 8]): [number, number][] {
  const path: [number, number][] = [start];
  for (let i = 0; i < steps; i++) {
    const [w1, w2] = path[i]!;
    const [g1, g2] = gradient([w1, w2]);
    path.push([w1 - lr * g1, w2 - lr * g2]);
  }
  return path;
}

const ofLoss = { xLabel: 'w₁', yLabel: 'w₂', zLabel: 'loss' };
const overSteps = { xLabel: 'step', yLabel: 'loss' };
const minimum = { at: [1, 1] as const, name: 'minimum' };
const spots: [number, number][] = [
  [-6, 0],
  [-2, -6],
  [4, 6],
  [7, -2],
  [-5, 7],
  [2, 3],
];
const rates = Array.from({ length: 40 }, (_, i) => 0.0025 * (i + 1));
const steps = Array.from({ length: 101 }, (_, i) => i);
const fall = (rate: number) => steps.map((step) => 100 * Math.exp(-rate * step));

const wave = (k: number, x: number, y: number) => Math.sin((k + 1) * (x + y) * 0.05) * Math.cos((x - y) * 0.1);
const sizes = [20, 13, 8, 3];
const many = sizes
  .slice(1)
  .map((to, b) => steps.slice(0, to).map((i) => steps.slice(0, sizes[b]).map((j) => Math.sin(7 * i + 3 * j + b))));
const garments = 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot'.split(',');
const mistaken = garments.map((_, i) => garments.map((_, j) => (i === j ? 900 : (7 * i + 3 * j) % 11)));

export const examples: Record<string, () => Figure> = {
  surface: () =>
    surface(loss, {
      ...ofLoss,
      title: 'The loss of two weights, and gradient descent on it',
      paths: [
        { points: descent(0.02, 60), name: 'η = 0.02' },
        { points: descent(0.08, 60), name: 'η = 0.08' },
      ],
      marks: [minimum],
    }),
  descent: () =>
    descentOn({
      loss: {
        rows: [
          [1, 1],
          [3, 1],
        ],
        targets: [2, 4],
      },
      start: [5, 9],
      rate: 0.08,
      top: 1100,
    }),
  'live race': () =>
    liveRace({
      loss: {
        rows: [
          [Math.SQRT1_2, 0],
          [0, 5],
        ],
        targets: [0, 0],
      },
      start: [3, 1.2],
      rates: { GD: 0.038, momentum: 0.0056, Nesterov: 0.018, AdaGrad: 2, RMSprop: 0.026, Adam: 0.068 },
      steps: 80,
      top: 60,
    }),
  'surface from a grid': () => {
    const x = steps.slice(0, 41).map((i) => (i - 20) / 5);
    const z = x.map((v) => x.map((u) => Math.sin(u) * Math.cos(v)));
    return surface({ x, y: x, z }, { xLabel: 'x', yLabel: 'y', zLabel: 'sin x cos y', camera: { elev: 60, azim: 30 } });
  },
  contour: () =>
    contour(loss, {
      ...ofLoss,
      title: 'Gradients stand at right angles to the lines of equal loss',
      levels: [5, 20, 60, 150, 300, 600, 1200],
      arrows: spots.map((at) => ({ at, along: gradient(at) })),
      arrowName: 'gradient',
      marks: [minimum],
    }),
  'contour with log levels': () =>
    contour(loss, {
      ...ofLoss,
      spacing: 'log',
      paths: [
        { points: descent(0.01, 50), name: 'η = 0.01' },
        { points: descent(0.08, 50), name: 'η = 0.08' },
        { points: descent(0.09, 50), name: 'η = 0.09, diverges' },
      ],
      marks: [minimum],
    }),
  curves: () =>
    curves(
      [
        { name: 'η = 0.01', y: fall(0.01) },
        { name: 'η = 0.05', y: fall(0.05), lower: fall(0.06), upper: fall(0.04) },
        { name: 'η = 0.10', y: fall(0.1) },
      ],
      {
        ...overSteps,
        title: 'Loss over steps',
        yLog: true,
        lines: [{ name: 'best possible', y: 0.01 }],
        bands: [{ name: 'warm-up', x: [0, 10] }],
      },
    ),
  'curves over data': () => {
    const x = Array.from({ length: 60 }, (_, i) => -3 + i / 10);
    const noisy = x.map((v, i) => Math.sin(v) + 0.2 * Math.sin(37 * i));
    return curves(
      [
        { name: 'data', x, y: noisy, mode: 'markers' },
        { name: 'fit', x, y: x.map(Math.sin) },
      ],
      { xLabel: 'x', yLabel: 'y' },
    );
  },
  'learning-rate slider': () =>
    slider(
      rates,
      (lr) =>
        contour(loss, {
          ...ofLoss,
          spacing: 'log',
          resolution: 61,
          paths: [{ points: descent(lr, 60), name: 'descent' }],
          marks: [minimum],
          title: 'Sixty steps of gradient descent',
        }),
      { label: 'learning rate η', start: 7 },
    ),
  'narrow map with a long legend over a slider': () =>
    slider(
      [0.02, 0.08],
      (lr) =>
        contour(loss, {
          ...ofLoss,
          resolution: 31,
          height: 320,
          paths: [{ points: descent(lr, 9), name: 'steepest way down' }],
          rays: [
            [
              [-8, 8],
              [1, 1],
            ],
          ],
          rayName: 'the way to the minimum',
          marks: [minimum],
        }),
      { label: 'learning rate η' },
    ),
  'tape walked back': () => {
    const [a, b, w] = [0.1, -0.2, 3].map((value) => tensor(value, { requiresGrad: true, dtype: 'float64' }));
    const y = a!.add(b!.mul(2)).add(w!.mul(w!)).sub(0.9).pow(2);
    return slider([5, 0, 2, 8], (at) => tape(y, { names: { a: a!, b: b!, w: w! }, direction: 'backward', at }));
  },
  'tape with what is kept': () => {
    const [a, b] = [2, 3].map((value) => tensor(value, { requiresGrad: true, dtype: 'float64' }));
    const y = a!.pow(2).mul(b!.exp().add(1));
    return slider([0, 3, 5], (at) => tape(y, { names: { a: a!, b: b! }, direction: 'backward', at, kept: true }));
  },
  'graphs by rounds': () => {
    const leaf = (value: number) => tensor(value, { requiresGrad: true, dtype: 'float64' });
    const chain = (d: number) => Array.from({ length: d }, (_, i) => leaf(i).mul(2)).reduce((a, b) => a.add(b));
    return slider([2, 12], (d) =>
      rounds([
        { name: 'a chain', y: chain(d).tanh() },
        { name: 'products alone', y: chain(d).tanh(), steps: ['Mul', 'Tanh'] },
      ]),
    );
  },
  'shapes lined up': () => slider([[4], [3, 1], [3]], (b) => shapeTable([3, 4], b)),
  'three hidden units': () =>
    hiddenSpace(
      [0, 1].map((k) => ({
        name: ['inner ring', 'outer ring'][k]!,
        color: ['#0072B2', '#D55E00'][k]!,
        points: Array.from({ length: 100 }, (_, i): [number, number, number] => [Math.cos(i), Math.sin(i), k - 0.5]),
      })),
      [0.3, -0.2, 1],
      0.1,
    ),
  "a block's bars": () =>
    slider([0, 1], (i) =>
      i
        ? blockFlow('copy', { in: [3], out: [3, 3] }, { in: [2, 5], out: [Number.NaN] }, { title: 'Copy' })
        : blockFlow('product', { in: [-2, 3], out: [-6] }, { in: [1], out: [3, -2] }),
    ),
  'slider over a surface': () =>
    slider(
      [0.02, 0.05, 0.08],
      (lr) =>
        surface(loss, {
          ...ofLoss,
          resolution: 31,
          paths: [{ points: descent(lr, 40), name: 'descent' }],
          camera: { elev: 45 },
        }),
      { label: 'η' },
    ),
  'slider that plays': () =>
    slider(
      [1, 2, 3, 4],
      (k) =>
        curves(
          [
            { name: 'wave', y: [0, k, 0, -k] },
            { name: 'its double', y: [0, 2 * k, 0, -2 * k] },
          ],
          { xLabel: 'place', yLabel: 'height', yRange: [-8, 8], title: 'Two waves, four heights' },
        ),
      { label: 'height of the wave', play: true, start: 1 },
    ),
  'slider over a surface that plays': () =>
    slider([0.02, 0.08], (lr) => surface(loss, { ...ofLoss, resolution: 31, paths: [{ points: descent(lr, 40) }] }), {
      label: 'η',
      play: true,
    }),
  'panels under a slider': () =>
    slider(
      rates,
      (lr) => {
        const path = descent(lr, 60);
        return panels(
          [
            contour(loss, {
              ...ofLoss,
              resolution: 41,
              spacing: 'log',
              paths: [{ points: path, name: 'descent' }],
              rays: [[path[0]!, [1, 1]]],
              rayName: 'the way home',
              title: 'Sixty steps on the bowl, from above',
            }),
            curves([{ name: 'descent', y: path.map(([a, b]) => loss(a, b)) }], {
              ...overSteps,
              yLog: true,
              yRange: [1e-6, 1e6],
              title: `Loss after 60 steps: ${loss(...path.at(-1)!).toPrecision(3)}`,
            }),
          ],
          { title: 'The best rate stands at the edge of the cliff' },
        );
      },
      { label: 'learning rate η', start: 7 },
    ),
  'arrows on a line, under a slider': () =>
    slider(
      [0.001, 0.3, 2],
      (push) =>
        panels(
          [
            curves([{ name: 'truth', x: steps, y: steps.map((x) => Math.exp(-((x - 30) ** 2) / 50)) }], {
              xLabel: 'x',
              yLabel: 'density',
            }),
            field(
              [
                { name: 'by log(1 − D)', at: steps.slice(0, 11), along: steps.slice(0, 11).map((x) => push * (5 - x)) },
                { name: 'by −log D', at: steps.slice(0, 11), along: steps.slice(0, 11).map(() => 10 * push) },
              ],
              { domain: [-10, 40], xLabel: 'x' },
            ),
          ],
          { columns: 1, height: 160 },
        ),
      { label: 'push', start: 1 },
    ),
  'dots beside curves, under a slider': () =>
    slider([5, 12, 30], (z) =>
      panels(
        [
          dots([1, 2, 3, 4, z, z], {
            xLabel: 'x',
            range: [0, 32],
            pointers: [
              { name: 'mean', at: (10 + 2 * z) / 6 },
              { name: 'median', at: 3.5 },
            ],
            spans: [{ name: 'spread', range: [1, z] }],
            title: 'Two middles',
          }),
          curves(
            rates.slice(0, 4).map((rate) => ({ name: `η ${rate}`, y: fall(rate * z) })),
            overSteps,
          ),
        ],
        { height: 150 },
      ),
    ),
  'strips with arrows and spans': () =>
    strip(
      [
        { name: 'by sign', values: [1, 2, 4, 4], arrows: { along: [-1, -1, 1, 1], from: 3 } },
        {
          name: 'by distance',
          values: [1, 2, 4, 4],
          arrows: { along: [-2, -1, 1, 1], from: 3 },
          spans: [{ name: 'spread', range: [1.7, 3.8] }],
          pointers: [{ name: 'mean', at: 2.75 }],
        },
      ],
      { xLabel: 'guess', title: 'Pulls' },
    ),
  'arrows in a plane': () => {
    const at = steps.slice(0, 36).map((k): [number, number] => [(k % 6) - 2.5, Math.floor(k / 6) - 2.5]);
    const kinds = [
      { name: 'downhill', at, along: at.map(gradient).map(([a, b]): [number, number] => [-a, -b]) },
      { name: 'across', at, along: at.map(gradient).map(([a, b]): [number, number] => [-b, a]) },
    ];
    const domain = { x: [-3, 3], y: [-3, 3] } as const;
    return field(kinds, {
      domain,
      xLabel: 'x',
      yLabel: 'y',
      lengths: 'equal',
      scale: 0.6,
      title: 'Two kinds of arrows',
    });
  },
  bars: () =>
    bars(
      [
        { name: 'felt with a hair', values: [-71.2, -26.8], errors: [4, 3] },
        { name: 'formula', values: [-72, -27] },
        { name: 'autograd', values: [-72, -27] },
      ],
      { labels: ['w₁', 'w₂'], xLabel: 'weight', yLabel: 'slope', title: 'Three routes to one slope' },
    ),
  'bars that lie, logarithmic': () =>
    bars([{ name: 'norm', values: [1e-6, 3e-4, 0.02, 1] }], {
      labels: ['first layer', 'second layer', 'third layer', 'last layer'],
      horizontal: true,
      yLog: true,
      xLabel: 'layer',
      yLabel: 'gradient norm',
    }),
  'heatmap with pale cells': () =>
    heatmap(
      {
        z: [
          [69, 88, 45],
          [79, 97, 82],
        ],
      },
      { xLabel: 'column', yLabel: 'row', pale: true, range: [20, 100], zLabel: 'found' },
    ),
  heatmap: () =>
    heatmap(
      {
        z: [
          [1, -0.5, 0],
          [0.25, 0, -1],
        ],
        x: ['a', 'b', 'c'],
        y: ['first', 'second'],
      },
      { diverging: true, xLabel: 'column', yLabel: 'row', zLabel: 'weight', title: 'A matrix with signs' },
    ),
  histograms: () =>
    histograms(
      [3, 2, 1].map((scale) => Array.from({ length: 200 }, (_, i) => scale * Math.sin(i * i))),
      { xLabel: 'value', yLabel: 'layer', bins: 12, ridge: true, title: 'Narrower and narrower' },
    ),
  'heatmap as a map with lines': () => {
    const at = Array.from({ length: 30 }, (_, i) => (i + 0.5) / 30);
    const down = [...at].reverse();
    return heatmap(
      { x: at, y: down, z: down.map((y) => at.map((x) => y - x * x)) },
      {
        zLabel: 'value',
        diverging: true,
        lines: [
          { name: 'zero', x: at, y: at.map((x) => x * x) },
          { name: 'half', x: [0.5, 0.5], y: [0, 1] },
        ],
        xLabel: 'x',
        yLabel: 'y',
        title: 'Above the parabola and below it',
      },
    );
  },
  histogram: () =>
    histogram(
      Array.from({ length: 4000 }, (_, i) => Math.sqrt(-2 * Math.log((i + 0.5) / 4000)) * Math.cos(i * 2.399963)),
      { curve: { name: 'normal density', f: (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) }, xLabel: 'x' },
    ),
  images: () =>
    images(
      steps.slice(0, 12).map((k) => steps.slice(0, 28).map((y) => steps.slice(0, 28).map((x) => wave(k, x, y)))),
      { columns: 6, labels: steps.slice(0, 12).map((k) => `wave ${k}`), title: 'Twelve small pictures' },
    ),
  confusion: () => confusion(mistaken, { classes: garments, chosen: [6, 0], title: 'Shirts are taken for T-shirts' }),
  'confusion beside pictures, under a slider': () =>
    slider(
      [0, 1, 2],
      (k) =>
        panels(
          [
            confusion(
              mistaken.map((row) => row.map((n) => n * (k + 1))),
              { classes: garments, chosen: [6, k], annotate: false, range: [1, 3000] },
            ),
            images(
              steps
                .slice(0, 12)
                .map((i) => steps.slice(0, 28).map((y) => steps.slice(0, 28).map((x) => wave(i + k, x, y)))),
              { columns: 4, title: 'The chosen ones' },
            ),
          ],
          { widths: [3, 2] },
        ),
      { label: 'epoch' },
    ),
  'a race, which plays': () => {
    const result = races.race(races.landscapes.himmelblau(), races.racers());
    return slider([10, 0, 40], (step) => race(result, { step, title: 'Who sees which valley?' }), {
      label: 'step',
      play: true,
    });
  },
  'the map of a race beside its bars, with a slider that turns it': () =>
    slider([0, 30], (angle) => {
      const result = races.race(races.landscapes.bowl({ angle }), races.racers());
      return panels([raceMap(result, { upright: true, title: 'The valley' }), raceBars(result, { title: 'Steps' })]);
    }),
  'raster beside curves, with a slider': () =>
    slider([1, 2, 3], (k) =>
      panels(
        [
          raster(
            steps.map((i) => steps.map((j) => (j > 20 + ((i * k) % 30) ? 0 : ((i * j) % 11) / 10))),
            {
              rowGroups: [
                { name: 'layer 1', rows: 20 },
                { name: 'layer 2', rows: steps.length - 20 },
              ],
              title: 'Lit',
            },
          ),
          curves([{ name: 'fit', y: steps.map((i) => wave(k, i, i)) }], overSteps),
        ],
        { widths: [3, 2] },
      ),
    ),
  shapes: () =>
    slider(
      [0, 3, 5],
      (done) =>
        shapes(
          [
            { name: 'image', gives: [3, 10, 20] },
            { name: 'z₀', gives: (s) => [s.reduce((a, b) => a * b)] },
            { name: 'm₀(x)', from: 'image', takes: 600, gives: 60 },
            { name: 'ReLU' },
            { name: 'm₀(z₀)', from: 'z₀', takes: [600], gives: [60] },
          ],
          { done, title: 'Sizes' },
        ),
      { start: 2 },
    ),
  timetable: () =>
    slider([1, 2], (workers) =>
      timetable([{ name: 'a' }, { name: 'b' }, { name: 'c', after: ['a'], time: 2 }], { workers }),
    ),
  tree: () => {
    const [x, y] = [spots.map(([x, y]) => [x, y]), spots.map(([x, y]) => loss(x, y))];
    return slider([3, 1], (maxDepth) =>
      panels(
        [
          tree(new trees.DecisionTreeRegressor({ maxDepth }).fit(x, y), { levels: 3, row: [0, 0], title: 'Numbers' }),
          tree(
            new trees.DecisionTreeClassifier({ maxDepth }).fit(
              x,
              y.map((value) => Math.round(Math.log(value + 1))),
            ),
            { levels: 3, width: 360, title: 'Classes' },
          ),
        ],
        { height: 260 },
      ),
    );
  },
  kinks: () =>
    slider([0, 1, 2], (k) =>
      kinks(
        steps.slice(0, 24).map((i) => ({ weight: i % 2 ? 1 : -1, bias: Math.sin(i + k) * 2.6 })),
        { curve: { name: 'net', x: [-2, 2], y: [k, -k] }, range: [-2, 2], yRange: [-3, 3], title: 'Units and kinks' },
      ),
    ),
  scatter: () =>
    slider([-1, 0, 1], (bias) =>
      panels([
        scatter(
          steps.slice(0, 40).map((i) => [Math.sin(7 * i) + (i % 2), Math.cos(5 * i) + (i % 2)] as const),
          {
            classes: steps.slice(0, 40).map((i) => i % 2),
            xLabel: 'x₁',
            yLabel: 'x₂',
            names: ['truth 0', 'truth 1'],
            lines: [{ name: 'border', weights: [1, 1], bias, side: true }],
            rings: [3],
            ringName: 'misjudged',
            arrows: [{ at: [0, 0], along: [0.7, 0.4] }],
            arrowName: 'push',
            title: 'Points',
          },
        ),
        scatter(
          [
            [0, 0],
            [1, 1],
          ],
          { xLabel: 'x₁', yLabel: 'x₂' },
        ),
      ]),
    ),
  pairs: () =>
    pairs(
      steps.slice(0, 10).map((i) => 0.7 + 0.03 * Math.sin(5 * i)),
      steps.slice(0, 10).map((i) => 0.71 + 0.03 * Math.sin(7 * i)),
      { names: ['without', 'with'], yLabel: 'accuracy', title: 'Ten seeds' },
    ),
  blocks: () =>
    slider(
      ['x', 'G(x, w)', 'C(y, ȳ)'],
      (lit) =>
        blocks(
          {
            x: { kind: 'observed', text: '1.8' },
            w: { kind: 'computed', text: '½ and 1' },
            'G(x, w)': { kind: 'function' },
            ȳ: { kind: 'computed', text: '1.9' },
            y: { kind: 'observed', text: '2.2' },
            'C(y, ȳ)': { kind: 'cost', text: '0.09' },
          },
          [
            ['x', 'G(x, w)'],
            ['w', 'G(x, w)'],
            ['G(x, w)', 'ȳ'],
            ['y', 'C(y, ȳ)'],
            ['ȳ', 'C(y, ȳ)'],
          ],
          { lit: [lit], title: 'A parametrised model' },
        ),
      { label: 'lit' },
    ),
  policy: () => {
    const world = gridWorld({ size: 5, goal: [0, 4], pits: [[2, 2]], walls: [[1, 3]], start: [4, 0] });
    const generator = new Generator().manualSeed(0);
    const walks = [0, 20, 60, 150];
    const { history } = reinforce(world, { walks: 150, discount: 0.8, snapshots: walks, generator });
    return slider(
      walks,
      (walk) => {
        const { probabilities, values, track } = history[walks.indexOf(walk)]!;
        return panels([
          policy(world, probabilities, { values, title: `After ${walk} walks` }),
          policy(world, probabilities, { track, title: 'The last walk' }),
        ]);
      },
      { label: 'walks', start: 2 },
    );
  },
  lamps: () =>
    panels(
      [
        lamps(
          steps.map((i) => (i * i) % 7 < 3),
          { title: 'seen' },
        ),
        tiles(steps.map((i) => Math.floor(i / 12))),
      ],
      {
        height: 200,
      },
    ),
  'network of many units, lit block by block beside bars': () =>
    slider([2, 0, 1], (block) =>
      panels(
        [
          network([20, 13, 8, 3], {
            weights: many,
            gradients: many.map((rows, b) => (b < block ? null : rows.map((row) => row.map((w) => w * 4 ** b)))),
            values: [null, null, null, [-0.1378, -0.2586, 0.4362]],
            labels: ['20 inputs', '13 ReLU', '8 sigmoid', '3 scores'],
          }),
          bars([{ name: 'length', values: [0.01, 0.005, 0.3] }], {
            labels: ['1', '2', '3'],
            yLabel: 'length',
            yLog: true,
          }),
        ],
        { widths: [5, 2] },
      ),
    ),
  'network with meters': () =>
    slider([0, 1, 2], (from) =>
      network([3, 4, 1], {
        title: 'One edge is nudged',
        weights: [many[1]!.slice(0, 4).map((row) => row.slice(0, 3)), [[1, -0.8, 1.5, 0.4]]],
        gradients: [many[1]!.slice(0, 4).map((row) => row.slice(0, 3)), [[1, -0.8, 1.5, 0.4]]],
        values: [[2, 0.1, 1], [0.99, -0.38, 0.5, 0], [1.83]],
        lit: [[0, 2, from]],
        frozen: [1],
        meters: [
          { name: 'blame · nudge', value: 0.2, most: 1 },
          { name: 'measured change', value: -0.21 * (from + 1), most: 1 },
        ],
      }),
    ),
  'layers as matrices, an operation at a time': () => {
    const from = { generator: new Generator().manualSeed(3) };
    const net = new nn.Sequential(new nn.Linear(4, 5), new nn.Tanh(), new nn.Linear(5, 2));
    return slider([9, 1, 11], (step) =>
      layerGraph(classic.backward.matrices(net, randn([6, 4], from), randn([6, 2], from)), { step }),
    );
  },
  matrices: () =>
    matrices([mistaken.slice(0, 3), mistaken.slice(0, 4).map((row) => row.slice(0, 2))], {
      names: ['A', 'B'],
      between: ['·'],
      framed: [[0, 'row', 1]],
      title: 'Two matrices',
    }),
  'panels in two rows': () =>
    panels(
      [
        surface(loss, { ...ofLoss, resolution: 31, title: 'From the side' }),
        contour(loss, { ...ofLoss, resolution: 61, colors: 'grey', title: 'From above', equalAspect: false }),
        curves([{ name: 'kept until the next', y: [1, 3, 2, 4], mode: 'steps' }], { xLabel: 'step', yLabel: 'value' }),
      ],
      { columns: 2, widths: [2, 3], height: 240 },
    ),
  'optimization history': () => optimizationHistory(search(), { target: 'loss', log: true, title: 'Forty trials' }),
  'parallel coordinate': () => parallelCoordinate(search(), { target: 'loss', log: true, title: 'Forty trials' }),
  slice: () => slice(search(), { target: 'loss', log: true, title: 'Forty trials' }),
  timeline: () => timeline(search(), { title: 'Two workers' }),
};

/** A search of forty trials, recorded by hand: four are pruned, one has failed, and two workers have run them. */
export function search() {
  const space = tuner.space({
    rate: tuner.float(1e-4, 1, { log: true }),
    optimizer: tuner.categorical(['sgd', 'adam']),
    momentum: tuner.when({ optimizer: 'sgd' }, tuner.float(0, 0.99)),
    width: tuner.int(4, 64),
  });
  const study = tuner.study(space, { sampler: tuner.random(), trials: 40, seed: 2 });
  for (let trial = study.ask(); typeof trial === 'object'; trial = study.ask()) {
    const { number, params } = trial;
    const { rate, optimizer, momentum = 0.5, width } = params;
    const loss = (Math.log10(rate) + 2) ** 2 / 10 + (optimizer === 'sgd' ? momentum / 5 : 0.05) + 1 / width;
    const began = 1e12 + 500 * number;
    const work = { worker: `machine:${number % 2}`, began, ended: began + 900 };
    if (number % 10 === 3) {
      study.report(number, 1, loss);
      study.tell(number, { pruned: true }, work);
    } else study.tell(number, number === 7 ? { failed: 'out of memory' } : loss, work);
  }
  return study;
}

/** The trace of a figure with a name, and a type if several have it. */
export const named = (figure: Figure, name: string, type?: string) =>
  figure.data.find((trace) => trace.name === name && (type === undefined || trace.type === type))!;

/** Bytes of a figure's JSON. */
export const sizeOf = (figure: Figure) => Buffer.byteLength(JSON.stringify(figure.toJSON()));

/** The numbers of a trace row by row; they may be encoded as bytes of float32. */
export function numbersOf(trace: PlotlyTrace | undefined, key: 'x' | 'y' | 'z'): number[] {
  const { bdata } = trace![key] as { bdata?: string };
  if (bdata === undefined) return (trace![key] as number[] | number[][]).flat();
  const bytes = Uint8Array.from(Buffer.from(bdata, 'base64'));
  return [...new Float32Array(bytes.buffer)];
}
