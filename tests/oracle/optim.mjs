// Optimizers against PyTorch: the parameters after each step with given gradients, or for LBFGS with a given function.
import { bind, lookUp } from './calls.mjs';
import { camel, compareNumbers, fromJson, toTensor } from './values.mjs';

/**
 * Runs a case of an optimizer.
 * @throws {Error} describing the difference
 */
export function run(testCase, gradlab, api) {
  const { op, kwargs, groups, init, params: trajectory, rtol, atol } = testCase;
  const { target: Optimizer, signatures } = lookUp(`optim.${op}`, api, gradlab);
  const parameters = init.map((json) => toTensor({ ...json, rg: true }, gradlab));
  const named = (options) => Object.entries(options).map(([name, json]) => [name, fromJson(json, gradlab)]);
  const given =
    groups === null
      ? parameters
      : groups.map((options, i) => ({
          params: [parameters[i]],
          ...Object.fromEntries(named(options).map(([name, value]) => [camel(name), value])),
        }));
  const optimizer = new Optimizer(...bind(signatures, [given], Object.fromEntries(named(kwargs)), gradlab));
  const step = testCase.losses === undefined ? stepWithGradients : stepOnFunction;
  trajectory.forEach((expected, t) => {
    step(testCase, t, { optimizer, parameters }, gradlab);
    parameters.forEach((p, i) => {
      compareNumbers(p.toArray(), expected[i], { rtol, atol }, `parameter ${i} after step ${t + 1}`);
    });
  });
}

function stepWithGradients({ grads, init }, t, { optimizer, parameters }, gradlab) {
  parameters.forEach((p, i) => {
    p.grad = toTensor({ ...init[i], data: grads[t][i] }, gradlab);
  });
  optimizer.step();
}

/** The function is `½·Σ a·(p - c)²`. */
function stepOnFunction({ a, c, losses, rtol, atol }, t, { optimizer, parameters }, gradlab) {
  const factors = a.map((json) => toTensor(json, gradlab));
  const centres = c.map((json) => toTensor(json, gradlab));
  const loss = optimizer.step(() => {
    optimizer.zeroGrad();
    const parts = parameters.map((p, i) => factors[i].mul(p.sub(centres[i]).square()).sum());
    const value = parts.reduce((sum, part) => sum.add(part)).mul(0.5);
    value.backward();
    return value;
  });
  compareNumbers([loss.item()], [losses[t]], { rtol, atol }, `result of step ${t + 1}`);
}
