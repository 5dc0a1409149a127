import type { FromCells, LocalModule, ToCells } from '../process-messages';
import { send } from './channel';

type Compiled = Extract<ToCells, { type: 'compiled' }>['modules'];

const waiting = new Map<number, (modules: Compiled) => void>();
let asked = 0;

/**
 * Asks the host to compile a local file that cells import by a computed name. Returns it and its imports, if they have
 * changed.
 */
function askHost(path: string): Promise<Compiled> {
  const id = ++asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    send({ type: 'compile', id, path } satisfies FromCells);
  });
}

/** Compiles files. In a worker thread this asks the thread that started it. */
let compiler: (path: string) => Promise<readonly LocalModule[]> = askHost;

export function compileBy(ask: typeof compiler): void {
  compiler = ask;
}

export const compileFile = (path: string): Promise<readonly LocalModule[]> => compiler(path);

export function onCompiled({ id, modules }: Extract<ToCells, { type: 'compiled' }>): void {
  waiting.get(id)?.(modules);
  waiting.delete(id);
}
