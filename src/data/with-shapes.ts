import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** The data, which say shapes and dtypes of their tensors, and lengths of their lists, before what they hold, where they are shown. */
export function withShapes<T extends object>(data: T): T {
  const sizes = Object.entries(data).map(([name, value]) =>
    value instanceof Tensor ? `${name}: ${formatShape(value.shape)} ${value.dtype}\n` : `${name}: ${value.length}\n`,
  );
  const value = (_: number, options: object, inspect: (value: object, options: object) => string) =>
    `${sizes.join('')}${inspect({ ...data }, options)}`;
  return Object.defineProperty(data, Symbol.for('nodejs.util.inspect.custom'), { value });
}
