import { AutogradError } from '../errors';
import { isFloat } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';

/** Options of {@link Parameter}. */
export interface ParameterOptions {
  /** Whether the parameter is trained; default `true`. */
  requiresGrad?: boolean;
}

/**
 * A tensor that a module learns (`torch.nn.Parameter`). `parameters()` lists it if it is a property of a
 * {@link Module}, unlike a plain tensor. It shares memory with the tensor it is made from, without its history.
 * @throws {ValueError} if it is made from no tensor; {@link AutogradError} if the tensor is not a float and
 *   `requiresGrad` is not switched off.
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, options: ParameterOptions = {}) {
    super(data.memory, data.layout, data.offset, data.dtype);
    this.owner = data.owner ?? data;
    this.tracked = options.requiresGrad ?? true;
    if (this.tracked && !isFloat(data.dtype))
      throw new AutogradError(
        `Parameter: only float32 and float64 tensors can be trained, this one is ${data.dtype}; ` +
          "convert it with to('float32'), or pass { requiresGrad: false }",
      );
  }

  /** Marks parameters. */
  get isParameter(): true {
    return true;
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

/** Tensors that replace a parameter or a buffer during a call, with the number of their uses. */
class StandIns {
  private readonly held = new Map<Tensor, { readonly kind: 'parameter' | 'buffer'; count: number }>();

  add(x: Tensor, kind: 'parameter' | 'buffer'): void {
    const held = this.held.get(x);
    if (held === undefined) this.held.set(x, { kind, count: 1 });
    else held.count++;
  }

  remove(x: Tensor): void {
    const held = this.held.get(x);
    if (held !== undefined && --held.count === 0) this.held.delete(x);
  }

  has(x: Tensor, kind: 'parameter' | 'buffer'): boolean {
    return this.held.size > 0 && this.held.get(x)?.kind === kind;
  }
}

/** @internal */
export const standIns: StandIns = new StandIns();

/** Whether a value is a {@link Parameter}, or replaces one. */
export function isParameter(value: unknown): value is Parameter {
  return value instanceof Tensor && ('isParameter' in value || standIns.has(value, 'parameter'));
}

/** Options of {@link Buffer}. */
export interface BufferOptions {
  /** Whether the buffer is part of `stateDict()`; default `true`. */
  persistent?: boolean;
}

/**
 * A tensor that belongs to a module but is not trained (`torch.nn.Buffer`), such as a running mean. As a property of a
 * {@link Module} it is found by `buffers()` and saved by `stateDict()`. It shares memory with the tensor it is made
 * from.
 * @throws {ValueError} if it is made from no tensor.
 */
export class Buffer extends Tensor {
  /** Whether the buffer is part of `stateDict()`. */
  readonly persistent: boolean;

  constructor(data: Tensor, options: BufferOptions = {}) {
    super(data.memory, data.layout, data.offset, data.dtype);
    this.owner = data.owner ?? data;
    this.persistent = options.persistent ?? true;
  }

  /** Marks buffers. */
  get isBuffer(): true {
    return true;
  }
}

/** Whether a value is a {@link Buffer}, or replaces one. */
export function isBuffer(value: unknown): value is Buffer {
  return value instanceof Tensor && ('isBuffer' in value || standIns.has(value, 'buffer'));
}

/** A tensor as a buffer, if there is one. @internal */
export function asBuffer(data: Tensor | null | undefined): Buffer | null {
  return data === null || data === undefined ? null : new Buffer(data);
}
