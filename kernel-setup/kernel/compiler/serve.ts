// The compiler's message interface for the host: one call at a time.
import type { Compiler } from './types';

/** The methods that return an answer. */
export type Method = keyof Compiler;

/** A call from the host. */
export type ToCompiler = { [M in Method]: { id: number; method: M; args: Parameters<Compiler[M]> } }[Method];

/** Answers: first that the compiler is loaded, then each call's result or error. */
export type FromCompiler = { type: 'loaded' } | { type: 'returned'; id: number; value: unknown } | Thrown;
interface Thrown {
  type: 'thrown';
  id: number;
  error: unknown;
}

/** Calls the method and posts its result. */
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
