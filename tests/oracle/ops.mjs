// Operations and modules against PyTorch: results, gradients, buffers, and calls that must fail.
import { BindError, bind, lookUp } from './calls.mjs';
import { asPyTorch, camel, compare, dtypeOf, fromJson, tensorsIn } from './values.mjs';

const mapValues = (object, f) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value)]));

/** Arguments of a case as values, and those that require a gradient, in the order of the case's `grads`. */
function inputsOf({ args = [], kwargs = {} }, gradlab) {
  const given = args.map((json) => fromJson(json, gradlab));
  const named = mapValues(kwargs, (json) => fromJson(json, gradlab));
  const tensors = tensorsIn([given, Object.values(named)], gradlab);
  return { given, named, tensors, leaves: tensors.filter((t) => t.requiresGrad) };
}

/**
 * Runs a case of an operation.
 * @throws {Error} describing the difference
 */
export function runOp(testCase, gradlab, api) {
  const { given, named, tensors, leaves } = inputsOf(testCase, gradlab);
  const { target, signatures } = lookUp(testCase.op, api, gradlab);
  const before = tensors.map((t) => t.toArray());
  const result = asPyTorch(target(...bind(signatures, given, named, gradlab)), gradlab);
  compare(result, testCase.expect, testCase, 'result', gradlab);
  checkInputs(testCase, tensors, before, gradlab);
  const grads = gradients(testCase, result, leaves, gradlab);
  grads.forEach((g, i) => {
    compare(g, testCase.grads[i], testCase, `gradient of input ${i}`, gradlab);
  });
}

/** Checks that the call modified the same inputs as in PyTorch. */
function checkInputs(testCase, tensors, before, gradlab) {
  tensors.forEach((t, i) => {
    const want = testCase.after?.[i] ?? null;
    const exact = { rtol: 0, atol: 0 };
    if (want === null) {
      const unchanged = { $: 'tensor', dtype: t.dtype, shape: t.shape, data: before[i] };
      compare(t, unchanged, exact, `input ${i} after the call`, gradlab);
    } else compare(t, want, testCase, `input ${i} after the call`, gradlab);
  });
}

/** Gradients of the sum of all outputs times their cotangents. */
function gradients({ cot }, result, leaves, gradlab) {
  if (cot === undefined) return [];
  const outputs = tensorsIn(Array.isArray(result) ? result : [result], gradlab).filter((t) => t.requiresGrad);
  if (outputs.length !== cot.length)
    throw new Error(`${outputs.length} results require a gradient instead of ${cot.length}`);
  const gradOutputs = cot.map((json) => fromJson(json, gradlab));
  return gradlab.grad(outputs, leaves, { gradOutputs, allowUnused: true });
}

/**
 * Runs a case of a module.
 * @throws {Error} describing the difference
 */
export function runModule(testCase, gradlab, api) {
  const { module, forward } = construct(testCase, gradlab, api);
  const state = {};
  for (const [name, json] of Object.entries(testCase.state)) state[camel(name)] = fromJson(json, gradlab);
  module.loadStateDict(state);
  module.train(testCase.training);
  const { given, named, leaves } = inputsOf(testCase, gradlab);
  const result = asPyTorch(module(...bind(forward, given, named, gradlab)), gradlab);
  compare(result, testCase.expect, testCase, 'result', gradlab);
  const wanted = Object.entries(testCase.param_grads ?? {});
  const parameters = new Map(module.namedParameters());
  const unknown = wanted.filter(([name]) => !parameters.has(camel(name))).map(([name]) => name);
  if (unknown.length > 0) throw new Error(`there is no parameter ${unknown.join(', ')}`);
  const all = [...leaves, ...wanted.map(([name]) => parameters.get(camel(name)))];
  const grads = gradients(testCase, result, all, gradlab);
  const expected = [...(testCase.grads ?? []), ...wanted.map(([, json]) => json)];
  grads.forEach((g, i) => {
    const name = i < leaves.length ? `input ${i}` : wanted[i - leaves.length][0];
    compare(g, expected[i], testCase, `gradient of ${name}`, gradlab);
  });
  const after = module.stateDict();
  for (const [name, json] of Object.entries(testCase.state_after ?? {}))
    compare(after[camel(name)], json, testCase, `${name} after the call`, gradlab);
}

function construct({ op, dtype = 'float32', ctor_args = [], ctor_kwargs = {} }, gradlab, api) {
  const { target: Class, kind, signatures, forward } = lookUp(op, api, gradlab);
  if (kind !== 'class') throw new BindError(`${op} is no class`);
  const args = ctor_args.map((json) => fromJson(json, gradlab));
  const named = mapValues(ctor_kwargs, (json) => fromJson(json, gradlab));
  const module = new Class(...bind(signatures, args, named, gradlab));
  return { module: dtype === 'float32' ? module : module.to(dtypeOf(dtype)), forward };
}

/**
 * Runs a call that must throw one of our errors.
 * @throws {Error} if it does not
 */
export function runError(testCase, gradlab, api) {
  const { given, named } = inputsOf(testCase, gradlab);
  let shown;
  try {
    const isModule = testCase.ctor_args !== undefined || testCase.ctor_kwargs !== undefined;
    if (isModule) {
      const { module, forward } = construct(testCase, gradlab, api);
      shown = module(...bind(forward, given, named, gradlab));
    } else {
      const { target, signatures } = lookUp(testCase.op, api, gradlab);
      shown = target(...bind(signatures, given, named, gradlab));
    }
  } catch (error) {
    if (error instanceof gradlab.GradlabError) return;
    if (error instanceof BindError) throw error;
    throw new Error(`an untyped ${error?.name}: ${error?.message}`);
  }
  throw new Error(`no error, but ${String(shown).slice(0, 80)}; PyTorch: ${testCase.message}`);
}
