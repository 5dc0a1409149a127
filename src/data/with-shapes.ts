import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** Returns the data with a display that lists shapes, dtypes and lengths before the values. */
export function withShapes<T extends object>(data: T): T {
  const sizes = Object.entries(data).map(([name, value]) =>
    value instanceof Tensor ? `${name}: ${formatShape(value.shape)} ${value.dtype}\n` : `${name}: ${value.length}\n`,
  );
  const value = (_: number, options: object, inspect: (value: object, options: object) => string) =>
    `${sizes.join('')}${inspect({ ...data }, options)}`;
  return Object.defineProperty(data, Symbol.for('nodejs.util.inspect.custom'), { value });
}
