import { isFloat } from './dtype';
import type { Tensor } from './tensor';

// PyTorch's default print options (torch.set_printoptions).
const PRECISION = 4;
const THRESHOLD = 1000;
const EDGE_ITEMS = 3;
const LINE_WIDTH = 80;

/** Writes one element; all elements of a tensor are padded to the same width. */
interface Format {
  readonly width: number;
  write(value: number): string;
}

/**
 * The printed form of a tensor: `tensor([6., 8.])`, `tensor(25., gradFn=<SumBackward0>)`. Precision, scientific
 * notation, summaries beyond 1,000 elements and line breaks follow PyTorch.
 * @internal
 */
export function formatTensor(x: Tensor): string {
  const prefix = 'tensor(';
  const suffixes: string[] = [];
  const count = x.numel();
  if (count === 0 && x.ndim !== 1) suffixes.push(`size=(${x.sizes.join(', ')})`);
  // int32 replaces PyTorch's default integer, so it is not printed.
  const silent = count === 0 ? ['float32'] : ['float32', 'int32', 'bool'];
  if (!silent.includes(x.dtype)) suffixes.push(`dtype=${x.dtype}`);
  const { gradFn } = x;
  if (gradFn !== null) suffixes.push(`gradFn=<${gradFn.name}>`);
  else if (x.requiresGrad) suffixes.push('requiresGrad=True');
  return addSuffixes(prefix + (count === 0 ? '[]' : formatValues(x, prefix.length)), suffixes, prefix.length);
}

/** How many numbers a summary shows. */
const SUMMARY_ITEMS = 6;

/**
 * The description of a tensor in the variables panel: dtype, shape, `requiresGrad`, and the first numbers. @internal
 */
export function summarizeTensor(x: Tensor): string {
  const count = x.numel();
  const { gradFn } = x;
  const grad = gradFn !== null ? `, gradFn ${gradFn.name}` : x.requiresGrad ? ', requiresGrad' : '';
  const strides = Array.from({ length: x.ndim }, (_, i) => x.sizes.slice(i + 1).reduce((a, b) => a * b, 1));
  const first = Array.from({ length: Math.min(count, SUMMARY_ITEMS) }, (_, k) =>
    strides.reduce((at, size, i) => at + (Math.floor(k / size) % x.sizes[i]) * x.steps[i], x.offset),
  );
  const numbers = first.map((at) =>
    x.dtype === 'bool' ? String(x.memory[at] !== 0) : Number(x.memory[at].toPrecision(5)),
  );
  const values = count === 0 ? 'no elements' : `${numbers.join(', ')}${count > SUMMARY_ITEMS ? ', …' : ''}`;
  return `Tensor ${x.dtype} [${x.sizes.join(', ')}]${grad}\n${values}`;
}

function addSuffixes(text: string, suffixes: readonly string[], indent: number): string {
  let out = text;
  let lastLine = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    if (lastLine + suffix.length + 2 > LINE_WIDTH) {
      out += `,\n${' '.repeat(indent)}${suffix}`;
      lastLine = indent + suffix.length;
    } else {
      out += `, ${suffix}`;
      lastLine += suffix.length + 2;
    }
  }
  return `${out})`;
}

function formatValues(x: Tensor, indent: number): string {
  const summarize = x.numel() > THRESHOLD;
  const positions = shownPositions(x, summarize);
  const format = chooseFormat(
    positions.map((p) => x.memory[p]),
    x,
  );
  const rows = (dim: number, at: number, left: number): string => {
    if (dim === x.ndim) return format.write(x.memory[at]);
    const shown = shownIndices(x.sizes[dim], summarize);
    if (dim === x.ndim - 1) {
      const perLine = Math.max(1, Math.floor((LINE_WIDTH - left) / (format.width + 2)));
      const cells = shown.map((i) => (i === null ? ' ...' : format.write(x.memory[at + i * x.steps[dim]])));
      const lines: string[] = [];
      for (let i = 0; i < cells.length; i += perLine) lines.push(cells.slice(i, i + perLine).join(', '));
      return `[${lines.join(`,\n${' '.repeat(left + 1)}`)}]`;
    }
    const separator = `,${'\n'.repeat(x.ndim - dim - 1)}${' '.repeat(left + 1)}`;
    const parts = shown.map((i) => (i === null ? '...' : rows(dim + 1, at + i * x.steps[dim], left + 1)));
    return `[${parts.join(separator)}]`;
  };
  return rows(0, x.offset, indent);
}

/** The printed indices of one dimension; `null` marks the dots. */
function shownIndices(size: number, summarize: boolean): (number | null)[] {
  const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
  if (!summarize || size <= 2 * EDGE_ITEMS) return from(0, size);
  return [...from(0, EDGE_ITEMS), null, ...from(size - EDGE_ITEMS, EDGE_ITEMS)];
}

/** Memory positions of the printed elements. */
function shownPositions(x: Tensor, summarize: boolean): number[] {
  let positions = [x.offset];
  for (let d = 0; d < x.ndim; d++) {
    const steps = shownIndices(x.sizes[d], summarize).filter((i): i is number => i !== null);
    positions = positions.flatMap((p) => steps.map((i) => p + i * x.steps[d]));
  }
  return positions;
}

function chooseFormat(values: readonly number[], x: Tensor): Format {
  if (!isFloat(x.dtype)) {
    const write = x.dtype === 'bool' ? (v: number) => (v ? 'True' : 'False') : String;
    return padded(write, Math.max(1, ...values.map((v) => write(v).length)));
  }
  const sizes = values.filter((v) => Number.isFinite(v) && v !== 0);
  const finite = (write: (v: number) => string) => (v: number) =>
    Number.isFinite(v) ? write(v) : Number.isNaN(v) ? 'nan' : v > 0 ? 'inf' : '-inf';
  const width = (write: (v: number) => string) => Math.max(1, ...sizes.map((v) => write(v).length));
  if (sizes.length === 0)
    return padded(
      finite((v) => `${fixed(v, 0)}.`),
      1,
    );
  const magnitudes = sizes.map(Math.abs);
  const max = Math.max(...magnitudes);
  const min = Math.min(...magnitudes);
  const whole = sizes.every((v) => Number.isInteger(v));
  const write =
    max / min > 1000 || max > 1e8 || (!whole && min < 1e-4)
      ? scientific
      : whole
        ? (v: number) => `${fixed(v, 0)}.`
        : (v: number) => fixed(v, PRECISION);
  return padded(finite(write), width(write));
}

function padded(write: (v: number) => string, width: number): Format {
  return { width, write: (v) => write(v).padStart(width) };
}

/** `digits` decimals; a tie goes to the even digit as in Python, where JavaScript's toFixed goes up. */
function fixed(value: number, digits: number): string {
  const sign = Object.is(value, -0) ? '-' : '';
  return sign + (evenTie(value.toFixed(60), digits) ?? value.toFixed(digits));
}

function scientific(value: number): string {
  if (value === 0) return `${Object.is(value, -0) ? '-' : ''}${(0).toFixed(PRECISION)}e+00`;
  const [exact, power] = value.toExponential(60).split('e');
  const [mantissa, exponent] = value.toExponential(PRECISION).split('e');
  const e = Number(exponent);
  // Rounding up to the next power of ten cannot be a tie that goes down, so the exponents agree whenever it matters.
  const digits = Number(power) === e ? (evenTie(exact, PRECISION) ?? mantissa) : mantissa;
  return `${digits}e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`;
}

/** The decimal truncated to `digits` decimals if it is a tie above an even digit; otherwise `null`. */
function evenTie(exact: string, digits: number): string | null {
  const dot = exact.indexOf('.');
  if (dot < 0 || !/^50*$/.test(exact.slice(dot + 1 + digits))) return null;
  const cut = exact.slice(0, dot + 1 + digits).replace(/\.$/, '');
  return Number(cut[cut.length - 1]) % 2 === 0 ? cut : null;
}
