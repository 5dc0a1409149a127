import { AutogradError } from '../errors';
import { isFloat } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';

/** Options of {@link Parameter}. */
export interface ParameterOptions {
  /** Whether the parameter is trained; default `true`. */
  requiresGrad?: boolean;
}

/**
 * A tensor that a module learns (`torch.nn.Parameter`). As a property of a {@link Module} it is found by
 * `parameters()`, which a plain tensor is not. It shares memory with the tensor it is made from, without its history.
 * @throws {AutogradError} if the tensor is not a float and `requiresGrad` is not switched off.
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, options: ParameterOptions = {}) {
    super(data.data, data.shape, data.stride, data.offset, data.dtype);
    this.owner = data.owner ?? data;
    this.tracked = options.requiresGrad ?? true;
    if (this.tracked && !isFloat(data.dtype))
      throw new AutogradError(
        `Parameter: only float32 and float64 tensors can be trained, this one is ${data.dtype}; ` +
          "convert it with to('float32'), or pass { requiresGrad: false }",
      );
  }

  /** Tells a parameter from other tensors. */
  get isParameter(): true {
    return true;
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

/** Whether a value is a {@link Parameter}. */
export function isParameter(value: unknown): value is Parameter {
  return value instanceof Tensor && 'isParameter' in value;
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
 */
export class Buffer extends Tensor {
  /** Whether the buffer is part of `stateDict()`. */
  readonly persistent: boolean;

  constructor(data: Tensor, options: BufferOptions = {}) {
    super(data.data, data.shape, data.stride, data.offset, data.dtype);
    this.owner = data.owner ?? data;
    this.persistent = options.persistent ?? true;
  }

  /** Tells a buffer from other tensors. */
  get isBuffer(): true {
    return true;
  }
}

/** Whether a value is a {@link Buffer}. */
export function isBuffer(value: unknown): value is Buffer {
  return value instanceof Tensor && 'isBuffer' in value;
}

/** A tensor as a buffer, if there is one. @internal */
export function asBuffer(data: Tensor | null | undefined): Buffer | null {
  return data === null || data === undefined ? null : new Buffer(data);
}
