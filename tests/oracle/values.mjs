// The values in PyTorch's cases: converted from JSON to gradlab, and compared with gradlab's results.

/** Our name for a name of PyTorch's: `running_mean` becomes `runningMean`; paths part by part. */
export const camel = (name) =>
  name
    .split('.')
    .map((part) => part.replace(/(?<=\w)_+([a-z0-9])/g, (_, c) => c.toUpperCase()))
    .join('.');

/** PyTorch's int64 is int32 here. */
export const dtypeOf = (name) => (name === 'int64' ? 'int32' : name);

/** Several indices, as opposed to one list of positions. */
export class Tuple {
  constructor(items) {
    this.items = items;
  }
}

const isTagged = (json) => typeof json === 'object' && json !== null && '$' in json;
const isTensorJson = (json) => isTagged(json) && json.$ === 'tensor';

/** Converts JSON to a value. */
export function fromJson(json, gradlab) {
  if (Array.isArray(json)) return json.map((item) => fromJson(item, gradlab));
  if (!isTagged(json)) return json;
  switch (json.$) {
    case 'tensor':
      return toTensor(json, gradlab);
    case 'num':
      return Number(json.v);
    case 'dtype':
      return dtypeOf(json.v);
    case 'slice':
      return gradlab.slice(json.v[0], json.v[1], json.v[2] ?? 1);
    case 'ellipsis':
      return gradlab.ellipsis;
    case 'tuple':
      return new Tuple(json.v.map((item) => fromJson(item, gradlab)));
    default:
      throw new Error(`unknown kind of value ${json.$}`);
  }
}

/** Creates a tensor with the memory layout and the gradient setting of the case. */
export function toTensor({ dtype, shape, data, rg, nc }, gradlab) {
  const make = (flat, sizes) => gradlab.tensor(flat, { dtype: dtypeOf(dtype) }).reshape(sizes);
  const flat = data.map(Number);
  let x;
  if (nc === 'S') {
    const spread = flat.flatMap((v) => [v, 0]);
    x = make(spread, [...shape.slice(0, -1), 2 * shape[shape.length - 1]]);
    x = x.at(gradlab.ellipsis, gradlab.slice(null, null, 2));
  } else {
    x = make(flat, shape);
    if (nc === 'T') x = x.transpose(-1, -2).contiguous().transpose(-1, -2);
  }
  x = x.detach();
  return rg ? x.requiresGrad_() : x;
}

/** All tensors in a value, depth first. */
export function tensorsIn(value, gradlab) {
  if (value instanceof gradlab.Tensor) return [value];
  if (value instanceof Tuple) return tensorsIn(value.items, gradlab);
  if (Array.isArray(value)) return value.flatMap((item) => tensorsIn(item, gradlab));
  return [];
}

/** A result in PyTorch's form: an object of tensors is a tuple there. */
export function asPyTorch(value, gradlab) {
  if (Array.isArray(value)) return value.map((item) => asPyTorch(item, gradlab));
  if (typeof value !== 'object' || value === null || value instanceof gradlab.Tensor) return value;
  return Object.values(value).map((item) => asPyTorch(item, gradlab));
}

/**
 * @param {unknown} got a tensor, number, boolean, or lists of them
 * @param {unknown} want the same as JSON
 * @param {{ rtol: number, atol: number }} tolerance `|got - want| ≤ atol + rtol·|want|`; NaN equals NaN
 * @throws {Error} describing the difference and its position
 */
export function compare(got, want, tolerance, what, gradlab) {
  if (Array.isArray(want)) {
    if (!Array.isArray(got)) throw new Error(`${what}: ${describe(got, gradlab)} instead of a list of ${want.length}`);
    if (got.length !== want.length) throw new Error(`${what}: ${got.length} results instead of ${want.length}`);
    want.forEach((w, i) => {
      compare(got[i], w, tolerance, `${what} ${i}`, gradlab);
    });
  } else if (isTensorJson(want)) compareTensors(got, want, tolerance, what, gradlab);
  else if (want === null || got === null || got === undefined) {
    if (want !== (got ?? null)) throw new Error(`${what}: ${describe(got, gradlab)} instead of ${describe(want)}`);
  } else if (typeof got !== typeof want || !isClose(Number(got), Number(fromJson(want, gradlab)), tolerance))
    throw new Error(`${what}: ${describe(got, gradlab)} instead of ${JSON.stringify(want)}`);
}

function compareTensors(got, want, tolerance, what, gradlab) {
  const kind = `${dtypeOf(want.dtype)} [${want.shape}]`;
  if (!(got instanceof gradlab.Tensor)) throw new Error(`${what}: ${describe(got, gradlab)} instead of ${kind}`);
  if (`${got.dtype} [${got.shape}]` !== kind)
    throw new Error(`${what}: ${got.dtype} [${got.shape}] instead of ${kind}`);
  compareNumbers(got.toArray(), want.data, tolerance, what);
}

/** Compares flat numbers; JSON has some of them as strings. */
export function compareNumbers(got, want, tolerance, what) {
  if (got.length !== want.length) throw new Error(`${what}: ${got.length} numbers instead of ${want.length}`);
  for (let i = 0; i < want.length; i++)
    if (!isClose(got[i], Number(want[i]), tolerance))
      throw new Error(`${what}: element ${i} is ${got[i]} instead of ${want[i]}`);
}

/** Whether a number is within the tolerance of another. */
function isClose(got, want, { rtol, atol }) {
  return got === want || Object.is(got, want) || Math.abs(got - want) <= atol + rtol * Math.abs(want);
}

function describe(value, gradlab) {
  if (gradlab !== undefined && value instanceof gradlab.Tensor) return `a ${value.dtype} tensor [${value.shape}]`;
  return Array.isArray(value) ? `a list of ${value.length}` : String(value);
}
