// The compiler as the host calls it: by messages, one call after the other.
import type { Compiler } from './types';

/** The methods by which something is asked. */
export type Method = keyof Compiler;

/** A call from the host. */
export type ToCompiler = { [M in Method]: { id: number; method: M; args: Parameters<Compiler[M]> } }[Method];

/** What comes back: first that the compiler is loaded, then each call's value, or what it has thrown. */
export type FromCompiler = { type: 'loaded' } | { type: 'returned'; id: number; value: unknown } | Thrown;
interface Thrown {
  type: 'thrown';
  id: number;
  error: unknown;
}

/** Makes the call, and posts what comes of it. */
export function answerCall(
  compiler: Compiler,
  { id, method, args }: ToCompiler,
  post: (m: FromCompiler) => void,
): void {
  try {
    const value: unknown = Reflect.apply(compiler[method], compiler, args);
    post({ type: 'returned', id, value });
  } catch (error) {
    post({ type: 'thrown', id, error });
  }
}
