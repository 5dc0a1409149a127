// Modules and functions against PyTorch: outputs, gradients of inputs and parameters, and calls that must fail.
import { describe, expect, test } from 'vitest';
import { GradlabError, nn, Tensor } from '../../src';
import { expectTensor, fromJson, options, readCases, type TensorJson, type Tolerance } from '../support/torch-cases';

interface Call {
  id: string;
  op: string;
  dtype: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
}

interface FunctionCase extends Call, Tolerance {
  expect: TensorJson;
  cot?: TensorJson[];
  grads?: (TensorJson | null)[];
}

interface ModuleCase extends FunctionCase {
  ctor_args: unknown[];
  ctor_kwargs: Record<string, unknown>;
  state: Record<string, unknown>;
  training: boolean;
  param_grads?: Record<string, TensorJson | null>;
}

interface ErrorCase extends Call {
  ctor_args?: unknown[];
  ctor_kwargs?: Record<string, unknown>;
}

type AnyCall = (...args: unknown[]) => Tensor;
type AnyConstructor = new (...args: unknown[]) => nn.AnyModule & AnyCall;

/** PyTorch's functions here, and the names of the arguments that we take in the options. */
const functions: Record<string, { call: AnyCall; positional: number; optional: string[] }> = {
  'nn.functional.linear': { call: nn.functional.linear as AnyCall, positional: 3, optional: [] },
  'nn.functional.mse_loss': { call: nn.functional.mseLoss as AnyCall, positional: 2, optional: [] },
  'nn.functional.nll_loss': { call: nn.functional.nllLoss as AnyCall, positional: 2, optional: ['weight'] },
  'nn.functional.cross_entropy': { call: nn.functional.crossEntropy as AnyCall, positional: 2, optional: ['weight'] },
};

/** Calls a function: optional arguments that PyTorch takes by position go into the options. */
function callFunction({ op, args, kwargs }: Call): { y: Tensor; inputs: Tensor[] } {
  const { call, positional, optional } = functions[op];
  const values = args.map(fromJson);
  const moved = Object.fromEntries(values.slice(positional).map((value, i) => [optional[i], value]));
  const y = call(
    ...values.slice(0, positional),
    ...(optional.length > 0 || Object.keys(kwargs).length > 0 ? [{ ...moved, ...options(kwargs) }] : []),
  );
  return { y, inputs: values.filter((v): v is Tensor => v instanceof Tensor && v.requiresGrad) };
}

function makeModule({ op, dtype, ctor_args = [], ctor_kwargs = {} }: ErrorCase): nn.AnyModule & AnyCall {
  const Class = (nn as unknown as Record<string, AnyConstructor>)[op.slice('nn.'.length)];
  const given = { ...options(ctor_kwargs), ...(op === 'nn.Linear' ? { dtype } : {}) };
  return new Class(...ctor_args.map(fromJson), ...(Object.keys(given).length > 0 ? [given] : []));
}

function expectGradients({ grads = [], ...c }: FunctionCase, y: Tensor, inputs: Tensor[]): void {
  if (c.cot === undefined) return;
  y.backward(fromJson(c.cot[0]) as Tensor);
  expect(inputs.length).toBe(grads.length);
  inputs.forEach((x, i) => {
    expectTensor(x.grad, grads[i], c, `gradient of input ${i}`);
  });
}

const name = (c: Call) => `${c.op} ${c.dtype} ${c.id}`;

describe('functions', () => {
  const cases = readCases<FunctionCase>(__dirname, 'functional');
  test('the cases are there', () => {
    expect(new Set(cases.map((c) => c.op))).toEqual(new Set(Object.keys(functions)));
  });
  test.each(cases.map((c) => [name(c), c] as const))('%s', (_, c) => {
    const { y, inputs } = callFunction(c);
    expectTensor(y, c.expect, c, 'output');
    expectGradients(c, y, inputs);
  });
});

describe('modules', () => {
  test.each(readCases<ModuleCase>(__dirname, 'modules').map((c) => [name(c), c] as const))('%s', (_, c) => {
    const module = makeModule(c);
    module.loadStateDict(Object.fromEntries(Object.entries(c.state).map(([k, v]) => [k, fromJson(v) as Tensor])));
    module.train(c.training);
    const args = [...c.args, ...Object.values(c.kwargs)].map(fromJson);
    const y = module(...(args as never)) as Tensor;
    expectTensor(y, c.expect, c, 'output');
    expectGradients(
      c,
      y,
      args.filter((v): v is Tensor => v instanceof Tensor && v.requiresGrad),
    );
    for (const [path, parameter] of module.namedParameters())
      expectTensor(parameter.grad, c.param_grads![path], c, `gradient of ${path}`);
  });
});

describe('calls that must fail', () => {
  test.each(readCases<ErrorCase>(__dirname, 'errors').map((c) => [name(c), c] as const))('%s', (_, c) => {
    const run = () => (c.op in functions ? callFunction(c) : makeModule(c)(...(c.args.map(fromJson) as never)));
    expect(run).toThrow(GradlabError);
  });
});
