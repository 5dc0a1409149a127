// Parameters after each of twenty steps with given gradients, against PyTorch's.
import { expect, test } from 'vitest';
import { optim, tensor } from '../../src';
import { expectNumbers, options, readCases, type Tolerance } from '../support/torch-cases';

interface Trajectory extends Tolerance {
  id: string;
  op: 'SGD' | 'RMSprop' | 'Adam';
  dtype: 'float32' | 'float64';
  kwargs: Record<string, unknown>;
  /** One group for each parameter, with options of its own. */
  groups?: Record<string, unknown>[];
  init: { shape: number[]; data: number[] }[];
  grads: number[][][];
  params: number[][][];
}

const cases = readCases<Trajectory>(__dirname, 'trajectories');

test('the cases are there', () => {
  expect(cases.length).toBe(28);
  for (const { grads, params } of cases) expect([grads.length, params.length]).toEqual([20, 20]);
});

test.each(
  cases.map((c) => [`${c.op} ${c.dtype} ${JSON.stringify(c.kwargs)} ${JSON.stringify(c.groups ?? '')}`, c] as const),
)('%s', (_, { op, dtype, kwargs, groups, init, grads, params, rtol, atol }) => {
  const parameters = init.map(({ shape, data }) => tensor(data, { dtype }).reshape(shape).requiresGrad_());
  const given = groups === undefined ? parameters : groups.map((g, i) => ({ params: [parameters[i]], ...options(g) }));
  const optimizer = new optim[op](given, options(kwargs));
  grads.forEach((step, t) => {
    step.forEach((g, i) => {
      parameters[i].grad = tensor(g, { dtype }).reshape(init[i].shape);
    });
    optimizer.step();
    parameters.forEach((p, i) => {
      expectNumbers([...p.toArray()], params[t][i], { rtol, atol }, `parameter ${i} after step ${t + 1}`);
    });
  });
});
