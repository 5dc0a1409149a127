// `Error.prepareStackTrace` exists only in V8. In Firefox, the getter of `stack` is replaced. In Safari, the kernel's reports
// have cell positions, and only `error.stack` is the engine's own text.
import { linesOf } from '../kernel/cells/errors/frames';
import { installStackTraces, stackText } from '../kernel/cells/errors/stack';

export function installStacks(): void {
  installStackTraces();
  const { get, ...rest } = Object.getOwnPropertyDescriptor(Error.prototype, 'stack') ?? {};
  if (get === undefined || /^Error/.test(new Error().stack!)) return;
  Object.defineProperty(Error.prototype, 'stack', {
    ...rest,
    get(this: Error) {
      const stack: unknown = get.call(this);
      return typeof stack === 'string' ? stackText(this, linesOf(stack, this)) : stack;
    },
  });
}
