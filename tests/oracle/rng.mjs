// Random numbers against PyTorch's: values bit for bit by their SHA-256, float64 normals within a few units in the last
// place.
import { createHash } from 'node:crypto';

const tensors = (list) => ({ values: list.flatMap((t) => [...t.toArray()]), dtypes: list.map((t) => t.dtype) });
const one = (t) => tensors([t]);
const indices = (list) => ({ values: [...list], dtypes: ['int32'] });
const ours = (dtype) => (dtype === 'int64' ? 'int32' : dtype);

/** The calls in the entries, on the default generator. */
function functions(gradlab) {
  const { nn, data } = gradlab;
  const { init } = nn;
  const zeros = (shape, dtype) => gradlab.zeros(shape, { dtype: ours(dtype) });
  const parameters = (module) => tensors(module.parameters());
  const filled =
    (method) =>
    (n, ...args) =>
      one(zeros([n], args.at(-1))[method](...args.slice(0, -1)));
  const range = (n) => new data.TensorDataset(gradlab.arange(n));
  return {
    rand: (n, dtype) => one(gradlab.rand([n], { dtype })),
    randn: (n, dtype) => one(gradlab.randn([n], { dtype })),
    random_: filled('random_'),
    uniform_: filled('uniform_'),
    normal_: filled('normal_'),
    bernoulli_: filled('bernoulli_'),
    exponential_: filled('exponential_'),
    bernoulliT: (n, dtype) => one(gradlab.bernoulli(gradlab.linspace(0, 1, n, { dtype }))),
    randint: (low, high, n, dtype) => one(gradlab.randint(low, high, [n], { dtype: ours(dtype) })),
    randperm: (n) => one(gradlab.randperm(n)),
    dataloader: (n) =>
      tensors([...new data.DataLoader(range(n), { batchSize: 7, shuffle: true })].map(([batch]) => batch)),
    dropout: (n, p, dtype) => one(nn.functional.dropout(gradlab.ones([n], { dtype }), p)),
    multinomial: (weights, samples, replacement, dtype) =>
      one(gradlab.multinomial(gradlab.tensor(weights, { dtype }), samples, { replacement })),
    kaiming_uniform: (shape, a, mode, nonlinearity, dtype) =>
      one(init.kaimingUniform_(zeros(shape, dtype), { a, mode, nonlinearity })),
    kaiming_normal: (shape, a, mode, nonlinearity, dtype) =>
      one(init.kaimingNormal_(zeros(shape, dtype), { a, mode, nonlinearity })),
    xavier_uniform: (shape, gain, dtype) => one(init.xavierUniform_(zeros(shape, dtype), { gain })),
    xavier_normal: (shape, gain, dtype) => one(init.xavierNormal_(zeros(shape, dtype), { gain })),
    trunc_normal: (n, mean, std, a, b, dtype) => one(init.truncNormal_(zeros([n], dtype), { mean, std, a, b })),
    linear: (inputs, outputs, bias, dtype) => parameters(new nn.Linear(inputs, outputs, { bias, dtype })),
    bilinear: (first, second, outputs, dtype) => parameters(new nn.Bilinear(first, second, outputs, { dtype })),
    conv2d: (inputs, outputs, kernel, dtype) => parameters(new nn.Conv2d(inputs, outputs, kernel, { dtype })),
    convT2d: (inputs, outputs, kernel, dtype) => parameters(new nn.ConvTranspose2d(inputs, outputs, kernel, { dtype })),
    embedding: (n, size, dtype) => parameters(new nn.Embedding(n, size, { dtype })),
    rnn: (kind, inputs, hidden, numLayers, dtype) => parameters(new nn[kind](inputs, hidden, { numLayers, dtype })),
    mha: (size, heads, dtype) => parameters(new nn.MultiheadAttention(size, heads, { dtype })),
    random_split: (n, lengths) => indices(data.randomSplit(range(n), lengths).flatMap((part) => [...part.indices])),
    weighted_sampler: (weights, samples, replacement) =>
      indices(new data.WeightedRandomSampler(weights, samples, { replacement })),
    random_sampler_repl: (n, numSamples) =>
      indices(new data.RandomSampler(range(n), { replacement: true, numSamples })),
  };
}

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** SHA-256 of the values in the named dtype, little-endian. */
function hash(values, dtype) {
  const array = arrays[dtype].from(dtype === 'int64' ? values.map(BigInt) : values);
  return createHash('sha256').update(new Uint8Array(array.buffer)).digest('hex');
}

/** The distance between adjacent float64 numbers at `x`, which is not negative. */
function ulp(x) {
  return 2 ** (Math.max(Math.floor(Math.log2(x)), -1022) - 52);
}

/**
 * The magnitude of the terms of a value. If adding a mean cancels digits, the differences between the libraries'
 * logarithms and sines count in units of the mean.
 */
const magnitude = (fn, args, value) =>
  ['normal_', 'trunc_normal'].includes(fn) ? Math.max(Math.abs(args[1]), Math.abs(value)) : Math.abs(value);

/** @throws {Error} unless the values are the expected ones */
function check({ values, dtypes }, { dtype, n, head, sha256, exact }, size) {
  const other = dtypes.find((d) => d !== ours(dtype));
  if (other !== undefined) throw new Error(`dtype ${other} instead of ${dtype}`);
  if (values.length !== n) throw new Error(`${values.length} values instead of ${n}`);
  const near = (got, want) => got === want || (!exact && Math.abs(got - want) <= 4 * ulp(size(want)));
  const wrong = head.findIndex((want, i) => !near(values[i], Number(want)));
  if (wrong >= 0) throw new Error(`value ${wrong} is ${values[wrong]} instead of ${head[wrong]}`);
  if (exact && hash(values, dtype) !== sha256) throw new Error(`the values after the first ${head.length} differ`);
}

/**
 * Runs every entry from its seed; yields one result for each expected output.
 *
 * @param {{ entries: { seed: string, calls: { fn: string, args: unknown[] }[], out: object[] }[] }} json
 * @returns {Generator<{ id: string, op: string, error?: string }>}
 */
export function* runAll({ entries }, gradlab) {
  const known = functions(gradlab);
  for (const [e, { seed, calls, out }] of entries.entries()) {
    gradlab.manualSeed(BigInt(seed));
    for (const [i, want] of out.entries()) {
      const { fn, args } = calls[i];
      // Two uniform numbers at the end reveal the state after the last call.
      const isState = i > 0 && i === calls.length - 1 && fn === 'rand';
      /** @type {{ id: string, op: string, error?: string }} */
      const result = {
        id: `${e}/${i} seed ${seed} ${fn}(${args.map((a) => JSON.stringify(a)).join(', ')})`,
        op: isState ? `${calls[0].fn}, state after` : fn,
      };
      try {
        if (!Object.hasOwn(known, fn)) throw new Error(`unknown function ${fn}`);
        check(known[fn](...args), want, (value) => magnitude(fn, args, value));
      } catch (error) {
        result.error = error.message;
      }
      yield result;
    }
  }
}
