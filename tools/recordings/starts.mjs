// Records nets for the chapter "Parameterized models, loss functions, gradient descent" (note 003). After a build:
//   node tools/recordings/starts.mjs [--to FILE]
// It takes three minutes. Nets of one kind are trained at once: their weights lie in one tensor whose first dimension is the net, and each
// optimizer acts on each number by itself, so no net knows of the others.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { eye, Generator, optim, rand, randint, randn, tensor, useDeterministicAlgorithms } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/003-nyu-week-2/starts.recorded.json');
useDeterministicAlgorithms(true);
const nets = 300;
const inputs = tensor([
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
]);
const targets = tensor([[-1], [1], [1], [-1]]);

/** The losses of nets of tanh units, each from a different start, as in `nn.Linear`. */
function losses({ seed, units = 2, steps = 1000, kind, rate, noise = 0, oneRow = false }) {
  const generator = new Generator().manualSeed(seed);
  const uniform = (shape, fanIn) =>
    rand(shape, { generator })
      .mul(2)
      .sub(1)
      .mul(Math.sqrt(1 / fanIn));
  const shapes = [
    [[nets, 2, units], 2],
    [[nets, 1, units], 2],
    [[nets, units, 1], units],
    [[nets, 1, 1], units],
  ];
  const parameters = shapes.map(([shape, fanIn]) => uniform(shape, fanIn).requiresGrad_());
  const [first, firstBias, last, lastBias] = parameters;
  const squares = () => inputs.matmul(first).add(firstBias).tanh().matmul(last).add(lastBias).sub(targets).square();
  const optimizer =
    kind === 'Adam'
      ? new optim.Adam(parameters, { lr: rate })
      : new optim.SGD(parameters, { lr: rate, momentum: kind === 'momentum' ? 0.9 : 0 });
  for (let step = 0; step < steps; step++) {
    const left = 1 - step / steps;
    optimizer.zeroGrad();
    if (oneRow) {
      optimizer.paramGroups[0].lr = rate * left;
      const rows = eye(4)
        .indexSelect(0, randint(0, 4, [nets], { generator }))
        .unsqueeze(2);
      squares().mul(rows).sum().backward();
    } else squares().sum().div(4).backward();
    if (noise) for (const each of parameters) each.grad.add_(randn(each.shape, { generator }).mul(noise * left));
    optimizer.step();
  }
  return squares().detach().mean(1).flatten().tolist();
}
const share = (all) => Math.round((1000 * all.filter((loss) => loss < 0.1).length) / all.length) / 10;

const plain = { kind: 'plain' };
const plans = {
  'plain descent': [0.1, 0.2, 0.3, 0.4].map((rate) => ({ ...plain, rate })),
  'plain descent, 10,000 steps': [0.3, 0.4].map((rate) => ({ ...plain, rate, steps: 10_000 })),
  'momentum 0.9': [0.02, 0.05, 0.1].map((rate) => ({ kind: 'momentum', rate })),
  Adam: [0.01, 0.03, 0.1].map((rate) => ({ kind: 'Adam', rate })),
  'plain, noise that fades': [0.1, 0.3, 0.6].flatMap((noise) => [0.2, 0.3].map((rate) => ({ ...plain, rate, noise }))),
  'one random row a step, falling rate': [0.05, 0.1, 0.2, 0.3].map((rate) => ({ ...plain, rate, oneRow: true })),
  'plain, three units': [0.2, 0.3].map((rate) => ({ ...plain, rate, units: 3 })),
  'Adam, three units': [0.03].map((rate) => ({ kind: 'Adam', rate, units: 3 })),
};
const runs = {};
for (const [name, plan] of Object.entries(plans)) {
  runs[name] = plan.map((one) => ({ ...one, solved: share(losses({ seed: 1, ...one })) }));
  console.log(name, runs[name].map(({ rate, noise, solved }) => `${rate} ${noise ?? ''}: ${solved}`).join(', '));
}
for (const [name, one] of Object.entries({
  'plain, best of five starts': { kind: 'plain', rate: 0.3 },
  'Adam, best of five starts': { kind: 'Adam', rate: 0.1 },
})) {
  const five = [11, 12, 13, 14, 15].map((seed) => losses({ seed, ...one, steps: 200 }));
  runs[name] = [{ ...one, steps: 200, solved: share(five[0].map((_, i) => Math.min(...five.map((all) => all[i])))) }];
  console.log(name, runs[name][0].solved);
}
const about =
  'Nets of two or three tanh units that learn exclusive or from four rows, 1,000 steps unless the name says otherwise (best of five starts: ' +
  '200 each); made by tools/recordings/starts.mjs. solved: of 100 nets, how many have a loss below 0.1 at the end; 300 nets, the same starts in all rows of one ' +
  'width, other starts for the best of five.';
fs.writeFileSync(file, `${JSON.stringify({ about, runs })}\n`);
