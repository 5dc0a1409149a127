import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { listed, type Tensors } from '../joining/stacking';
import { bilinear, inWholeNumbers } from '../table/exact-integers';

/** A tensor with a label for each dimension. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/** Returns the label of a dimension covered by `...`, counted from the last. */
const dots = (k: number) => `...${k}`;
const isLetter = (c: string) => /^[A-Za-z]$/.test(c);

/** Returns the labels of one term of an equation, with `...` as one of them. */
function symbols(term: string, equation: string): string[] {
  const found = term.match(/\.\.\.|./g) ?? [];
  const wrong = found.find((s) => s !== '...' && !isLetter(s));
  if (wrong !== undefined)
    throw new ValueError(`einsum: '${wrong}' in '${equation}'; an equation has letters, '...', ',' and '->'`);
  if (found.filter((s) => s === '...').length > 1)
    throw new ValueError(`einsum: '${term}' in '${equation}' has more than one '...'`);
  return found;
}

/** Replaces `...` by a label for each covered dimension. */
const spelled = (term: readonly string[], covered: number) =>
  term.flatMap((s) => (s === '...' ? Array.from({ length: covered }, (_, k) => dots(covered - 1 - k)) : [s]));

/** Returns the number of dimensions that `...` covers. @throws {ShapeError} if the term does not fit the tensor. */
function coverage(term: readonly string[], x: Tensor, equation: string): number {
  const letters = term.filter((s) => s !== '...').length;
  const covered = x.ndim - letters;
  if (covered < 0 || (covered > 0 && !term.includes('...')))
    throw new ShapeError(
      `einsum: '${term.join('')}' in '${equation}' has ${letters} letters for a tensor of shape ${formatShape(x.sizes)}`,
    );
  return Math.max(covered, 0);
}

/** Parses an equation into labelled operands and the labels of the result. */
function parse(equation: string, operands: readonly Tensor[]): { terms: Labelled[]; output: string[] } {
  if (typeof equation !== 'string')
    throw new ValueError(`einsum: the equation must be a text, got ${describe(equation)}`);
  const [left, right, ...more] = equation.replaceAll(' ', '').split('->');
  const inputs = left.split(',').map((term) => symbols(term, equation));
  if (more.length > 0) throw new ValueError(`einsum: '${equation}' has more than one '->'`);
  if (inputs.length !== operands.length)
    throw new ValueError(`einsum: '${equation}' is for ${inputs.length} tensors, got ${operands.length}`);
  const covered = operands.map((x, i) => coverage(inputs[i], x, equation));
  const widest = Math.max(...covered);
  const terms = operands.map((x, i) => ({ x, labels: spelled(inputs[i], covered[i]) }));
  const letters = inputs.flat().filter(isLetter);
  // Without '->': the dimensions of '...', and the letters that occur once, in alphabetical order.
  const once = letters.filter((c) => letters.indexOf(c) === letters.lastIndexOf(c)).sort();
  const wanted = right === undefined ? ['...', ...once] : symbols(right, equation);
  const wrong = wanted.find((c, i) => (isLetter(c) && !letters.includes(c)) || wanted.indexOf(c) !== i);
  if (wrong !== undefined)
    throw new ValueError(
      `einsum: '${wrong}' in the result of '${equation}' must be in an input, and only once in the result`,
    );
  return { terms, output: spelled(wanted, widest) };
}

/** Returns the diagonal over dimensions with the same label. @throws {ShapeError} if their sizes differ. */
function withoutRepeats({ x, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, d) => labels.indexOf(label) !== d);
  if (second < 0) return { x, labels };
  const first = labels.indexOf(labels[second]);
  if (x.sizes[first] !== x.sizes[second])
    throw new ShapeError(
      `einsum: '${labels[second]}' names dimensions of different sizes of a tensor of shape ${formatShape(x.sizes)}`,
    );
  const rest = labels.filter((_, d) => d !== first && d !== second);
  return withoutRepeats({ x: x.diagonal({ dim1: first, dim2: second }), labels: [...rest, labels[second]] });
}

/** Sums over the dimensions whose label is not wanted. */
function summed({ x, labels }: Labelled, wanted: (label: string) => boolean): Labelled {
  const dims = labels.flatMap((label, d) => (wanted(label) ? [] : [d]));
  return dims.length === 0 ? { x, labels } : { x: x.sum(dims), labels: labels.filter(wanted) };
}

/** Drops dimensions of size 1 that broadcast to the other tensor's: the product gets them from there. */
function unstretched({ x, labels }: Labelled, other: Labelled): Labelled {
  const dims = labels.flatMap((label, d) => {
    const at = other.labels.indexOf(label);
    return at >= 0 && x.sizes[d] === 1 && other.x.sizes[at] !== 1 ? [d] : [];
  });
  return { x: x.squeeze(dims), labels: labels.filter((_, d) => !dims.includes(d)) };
}

/** Multiplies two tensors by one matrix product, and sums over their labels that are not needed any more. */
function multiplied(first: Labelled, second: Labelled, isWanted: (label: string) => boolean): Labelled {
  const fitted = [unstretched(first, second), unstretched(second, first)];
  const a = summed(fitted[0], (label) => isWanted(label) || fitted[1].labels.includes(label));
  const b = summed(fitted[1], (label) => isWanted(label) || fitted[0].labels.includes(label));
  const inBoth = a.labels.filter((label) => b.labels.includes(label));
  const size = (from: Labelled, label: string) => from.x.sizes[from.labels.indexOf(label)];
  const wrong = inBoth.find((label) => size(a, label) !== size(b, label));
  if (wrong !== undefined)
    throw new ShapeError(
      `einsum: '${wrong}' has sizes ${size(a, wrong)} and ${size(b, wrong)}, which must be equal or one of them 1`,
    );
  const batch = inBoth.filter(isWanted);
  const inner = inBoth.filter((label) => !isWanted(label));
  const onlyA = a.labels.filter((label) => !b.labels.includes(label));
  const onlyB = b.labels.filter((label) => !a.labels.includes(label));
  const arranged = (from: Labelled, groups: readonly string[][]) =>
    from.x
      .permute(groups.flat().map((label) => from.labels.indexOf(label)))
      .reshape(groups.map((group) => group.reduce((n, label) => n * size(from, label), 1)));
  const product = arranged(a, [batch, onlyA, inner]).bmm(arranged(b, [batch, inner, onlyB]));
  const sizes = [...batch, ...onlyA].map((label) => size(a, label)).concat(onlyB.map((label) => size(b, label)));
  return { x: product.reshape(sizes), labels: [...batch, ...onlyA, ...onlyB] };
}

/**
 * Sums of products in Einstein's notation (`torch.einsum`): a letter for each dimension of each tensor, separated by
 * commas; then `->` and the dimensions of the result. Letters that the result lacks are summed over. A repeated letter
 * in one term takes the diagonal. `...` covers the dimensions without a letter, which broadcast. Without `->` the
 * result has the letters that occur once, in alphabetical order. Spaces are ignored.
 *
 * @example
 * einsum('ik,kj->ij', ones([2, 3]), ones([3, 4])).shape // [2, 4]
 * @throws {ValueError} for an invalid equation; {@link ShapeError} if it does not fit the tensors.
 */
export function einsum(equation: string, ...operands: Tensors): Tensor {
  const tensors = listed('einsum', operands);
  if (!tensors.some((x) => x.dtype === 'int32')) return contracted(equation, tensors);
  const { terms, output } = parse(equation, tensors);
  const sizes = new Map<string, number>();
  for (const { x, labels } of terms)
    labels.forEach((label, d) => {
      if (!output.includes(label)) sizes.set(label, Math.max(sizes.get(label) ?? 0, x.sizes[d]));
    });
  const count = [...sizes.values()].reduce((n, size) => n * size, 1);
  const compute = (...xs: Tensor[]) => contracted(equation, xs);
  if (tensors.length === 2) return bilinear('einsum', tensors[0], tensors[1], count, compute);
  return inWholeNumbers('einsum', tensors, (largest) => largest.reduce((p, m) => p * m, count), compute);
}

function contracted(equation: string, tensors: readonly Tensor[]): Tensor {
  const { terms, output } = parse(equation, tensors);
  const [start, ...others] = terms.map(withoutRepeats);
  const product = others.reduce((so, next, i) => {
    const later = new Set([...output, ...others.slice(i + 1).flatMap(({ labels }) => labels)]);
    return multiplied(so, next, (label) => later.has(label));
  }, start);
  const { x, labels } = summed(product, (label) => output.includes(label));
  return x.permute(output.map((label) => labels.indexOf(label)));
}
