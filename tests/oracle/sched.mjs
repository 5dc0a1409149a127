// Schedulers against PyTorch: the learning rates, and the momenta if they are cycled, after each step.
import { bind, lookUp } from './calls.mjs';
import { compareNumbers, fromJson } from './values.mjs';

/** Functions of the epoch, by their names in the cases. */
const lambdas = {
  pow: (c) => (epoch) => c ** epoch,
  inv: (c) => (epoch) => 1 / (1 + c * epoch),
  warmup: (c) => (epoch) => Math.min(1, (epoch + 1) / c),
  const: (c) => () => c,
};

/**
 * Runs a case of a scheduler.
 * @throws {Error} describing the difference
 */
export function run(testCase, gradlab, api) {
  const { sched, optimizer: name, momentum, group_lrs, lrs, momenta, metrics } = testCase;
  const { target: Optimizer } = lookUp(`optim.${name}`, api, gradlab);
  const groups = group_lrs.map((lr) => ({ params: [gradlab.zeros([1], { requiresGrad: true })], lr }));
  const optimizer = new Optimizer(groups, { momentum });
  const scheduler = make(sched, optimizer, gradlab, api);
  for (let t = 0; t < lrs.length; t++) {
    if (t > 0) {
      optimizer.step();
      scheduler.step(...(metrics === undefined ? [] : [metrics[t - 1]]));
    }
    const after = `after step ${t}`;
    compareNumbers(scheduler.getLastLr(), lrs[t], testCase, `getLastLr ${after}`);
    const now = (option) => optimizer.paramGroups.map((group) => group[option]);
    compareNumbers(now('lr'), lrs[t], testCase, `learning rates ${after}`);
    if (momenta !== undefined) compareNumbers(now('momentum'), momenta[t], testCase, `momenta ${after}`);
  }
}

function make({ cls, kwargs }, optimizer, gradlab, api) {
  const { target: Scheduler, signatures } = lookUp(`optim.lr_scheduler.${cls}`, api, gradlab);
  const argument = (name, json) => {
    if (name === 'lr_lambda') return lambdas[json.fn](json.c);
    if (name === 'schedulers') return json.map((inner) => make(inner, optimizer, gradlab, api));
    return fromJson(json, gradlab);
  };
  const named = Object.fromEntries(Object.entries(kwargs).map(([name, json]) => [name, argument(name, json)]));
  return new Scheduler(...bind(signatures, [], { optimizer, ...named }, gradlab));
}
