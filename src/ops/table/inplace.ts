import { type Given, record, recordInputs, setHistory, wantsGrad } from '../../autograd/history';
import { gradMode } from '../../autograd/mode';
import { ownership } from '../../autograd/ownership';
import { whole } from '../../cancellation';
import { AutogradError, DtypeError, ShapeError } from '../../errors';
import { copiedAtOnce, copyStrided } from '../../kernels/elementwise';
import { isFloat } from '../../tensor/dtype';
import { formatShape, sameShape } from '../../tensor/shape';
import { fresh, type Geometry, Tensor, tensorsMade } from '../../tensor/tensor';
import { asOperand } from './arguments';
import { opTable, type TableEntry } from './table';

/**
 * Computes `x = op(x, …)` in the memory of `x`; `rest` are the other tensors and the arguments. If gradients are
 * recorded, the history of `x` continues with the operation, and, if `x` is a view, that of its base as well.
 * @internal
 */
export function modifyInPlace(op: TableEntry, name: string, x: Tensor, rest: readonly unknown[]): Tensor {
  checkWritable(name, x, rest);
  const made = tensorsMade();
  const y = op.rule.forward(x, ...rest) as Tensor;
  checkHolds(name, x, y);
  if (gradMode.recording && isFloat(x.dtype) && (wantsGrad(x) || someWantGrad(rest)))
    replaceRecorded(op, x, y, rest.slice(0, op.inputs - 1).map(asOperand) as Given[], rest.slice(op.inputs - 1));
  else {
    write(x, y);
    // A built-in rule has just made the result, and no other reference to it exists.
    if (!op.isOwn && y.memory !== x.memory && ownership.look() && ownership.claim(y, made)) ownership.release(y);
  }
  return x;
}

/**
 * @throws {AutogradError} if the change could not be recorded: of a leaf that requires a gradient, of a view of one, of
 * one of several views made together, or of a view made inside noGrad; `others` are the sources of the new values.
 * {@link ShapeError} for a view whose elements share memory.
 * @internal
 */
export function checkWritable(name: string, x: Tensor, others: readonly unknown[] = []): void {
  if (
    gradMode.recording &&
    isFloat(x.dtype) &&
    (wantsGrad(x) || (x.viewOf !== null && wantsGrad(x.viewOf)) || someWantGrad(others))
  )
    checkRecordable(name, x);
  for (let d = 0; d < x.sizes.length; d++)
    if (x.steps[d] === 0 && x.sizes[d] > 1 && x.numel() > 0)
      throw new ShapeError(
        `${name}: several elements of this expanded tensor of shape ${formatShape(x.sizes)} share one place in memory; ` +
          'clone() it before writing to it',
      );
}

function checkRecordable(name: string, x: Tensor): void {
  if (x.viewOf === null) {
    if (x.isLeaf && x.tracked)
      throw new AutogradError(
        `${name}: this leaf requires a gradient, so it must not be modified in place while operations are recorded; ` +
          'put the update inside noGrad(() => …), or compute a new tensor instead of changing this one',
      );
    return;
  }
  if (x.fromSeveral)
    throw new AutogradError(
      `${name}: this is one of several views that one operation made (split, unbind, …), which must not be modified in ` +
        'place while operations are recorded; modify the tensor itself, or a view of one part, as narrow() gives',
    );
  if (wantsGrad(x.viewOf) && x.viewOf.isLeaf)
    throw new AutogradError(
      `${name}: this is a view of a leaf that requires a gradient, so it must not be modified in place while ` +
        'operations are recorded; put the update inside noGrad(() => …)',
    );
  if (wantsGrad(x.viewOf) && !wantsGrad(x))
    throw new AutogradError(
      `${name}: this view was made inside noGrad, so the gradient of the tensor it looks at would miss the change; ` +
        'make the view outside, or put the update inside noGrad(() => …) as well',
    );
  if (x.isLeaf && x.tracked)
    throw new AutogradError(
      `${name}: this view is a leaf that requires a gradient, so it must not be modified in place while operations are ` +
        'recorded; put the update inside noGrad(() => …)',
    );
}

const someWantGrad = (tensors: readonly unknown[]) => tensors.some((t) => t instanceof Tensor && wantsGrad(t));

/** @throws {ShapeError} or {@link DtypeError} if the result `y` does not fit into the memory of `x`. @internal */
export function checkHolds(name: string, x: Tensor, y: Tensor): void {
  if (!sameShape(y.sizes, x.sizes))
    throw new ShapeError(
      `${name}: the result has shape ${formatShape(y.sizes)}, which does not fit into the tensor of shape ` +
        `${formatShape(x.sizes)}; an in-place operation cannot stretch its tensor`,
    );
  if ((isFloat(y.dtype) && !isFloat(x.dtype)) || (x.dtype === 'bool' && y.dtype !== 'bool'))
    throw new DtypeError(
      `${name}: the result is ${y.dtype}, which a tensor of dtype ${x.dtype} cannot hold; ` +
        `convert it first with to('${y.dtype}'), or use ${name.slice(0, -1)}()`,
    );
}

/** Copies the values of `y`, just computed by `op` from `x`, to the memory of `x`, and records it. */
function replaceRecorded(op: TableEntry, x: Tensor, y: Tensor, others: readonly Given[], args: readonly unknown[]) {
  // The history of a view is that of its base; its backward pass costs no more than the view.
  const base = x.viewOf;
  const from = base !== null && wantsGrad(base) ? base.readView(geometryOf(x), geometryOf(base)) : x;
  // A rule that reads its input needs the old values.
  const before = op.reads.some((r) => r.inputs[0]) ? copyWithHistory(from) : from;
  const result = y.dtype === x.dtype ? y : y.to(x.dtype);
  const node = recordInputs(op, result, [before, ...others], args);
  write(x, result);
  if (base !== null) {
    // The values are written already: only the history of the base is continued, at the cost of the view.
    record(opTable.get('writeView')!, base, base, result, [geometryOf(x), geometryOf(base)]);
    // The view renews its history from the base on its next use.
    x.seen = -1;
    wantsGrad(x);
  } else {
    setHistory(x, node, 0);
    if (node.output !== null) node.saveOutput(x);
  }
}

function geometryOf({ sizes: shape, steps: stride, offset }: Tensor): Geometry {
  return { sizes: shape, steps: stride, offset };
}

function copyWithHistory(x: Tensor): Tensor {
  const copy = fresh(x.toArray(), x.sizes, x.dtype);
  copy.tracked = x.tracked;
  copy.node = x.node;
  copy.output = x.output;
  return copy;
}

/** Copies the elements of `y` into `x` and counts the change. @internal */
export function write(x: Tensor, y: Tensor): void {
  if (x.numel() <= copiedAtOnce) copyStrided(x.sizes, x, y);
  else whole(() => copyStrided(x.sizes, x, y));
  (x.owner ?? x).writes++;
}
