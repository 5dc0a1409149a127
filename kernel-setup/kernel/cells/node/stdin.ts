// `process.stdin` in cells: `question` of node:readline prompts in the notebook. Any other read throws an error that names
// the alternative, because it would never receive data.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { replace } from '../parent/keep-parent';
import { checkInputAllowed, input } from './input';

type Readline = typeof import('node:readline');
type Interface = import('node:readline').Interface;

const advise = (what = 'process.stdin'): Error =>
  new Error(`${what}: cells have no terminal to read from. Ask the reader for a line by \`await Jupyter.input("…")\``);

let stdin: Readable | undefined;

/**
 * Replaces Node's stdin, which is at its end from the start. A stream that has emitted its error is replaced by a new
 * one.
 */
export function installStdin(): void {
  const get = () => {
    if (stdin === undefined || stdin.destroyed) stdin = silentStream();
    return stdin;
  };
  Object.defineProperty(process, 'stdin', { get, configurable: true, enumerable: true });
}

/** Other names of the same file. */
const names: ReadonlySet<unknown> = new Set([0, '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

const refused = () => advise('standard input');

/** Makes Node's functions for reading files reject stdin as well. */
export function refuseStdin(): void {
  const refuse = (owner: object, all: readonly string[], give: (args: unknown[]) => unknown) => {
    for (const name of all)
      replace(
        owner,
        name,
        (real) =>
          function (...args: unknown[]) {
            return names.has(args[0]) ? give(args) : Reflect.apply(real, this, args);
          },
      );
  };
  refuse(fs, ['openSync', 'readSync', 'readvSync', 'readFileSync'], () => {
    throw refused();
  });
  refuse(fs, ['open', 'read', 'readv', 'readFile'], (args) => {
    process.nextTick(args.at(-1) as (error: Error) => void, refused());
  });
  refuse(fs.promises, ['open', 'readFile'], () => Promise.reject(refused()));
}

function silentStream(): Readable {
  const stream = new Readable({
    read() {
      this.destroy(advise());
    },
  });
  return Object.assign(stream, { fd: 0, ref: () => stream, unref: () => stream });
}

let prepared = false;

/** Call before a cell loads node:readline. */
export function prepareReadline(): void {
  if (prepared) return;
  prepared = true;
  const callbacks = require('node:readline') as Readline;
  const promises = require('node:readline/promises') as Readline['promises'];
  const ask = (prompt: string) => input(String(prompt));
  wrap(callbacks, (made) => {
    const question = (prompt: string, options: unknown, callback = options as (line: string) => void) => {
      checkInputAllowed();
      void ask(prompt).then(callback);
    };
    Object.assign(made, { question: Object.assign(question, { [promisify.custom]: ask }) });
  });
  wrap(promises, (made) => Object.assign(made, { question: ask }));
  syncBuiltinESMExports();
}

/** Makes `createInterface` return an interface that prompts, if it reads from `process.stdin`. */
function wrap(module: object, prepare: (made: Interface) => void): void {
  const create = Reflect.get(module, 'createInterface') as (...args: unknown[]) => Interface;
  Reflect.set(module, 'createInterface', (...args: unknown[]) => {
    const [first, output] = args as [object, unknown];
    const options = first === process.stdin ? { input: first, output } : (first as { input?: unknown });
    if (options.input !== process.stdin) return create(...args);
    const made = create({ ...options, input: new Readable({ read: () => {} }), terminal: false });
    prepare(made);
    refuseLines(made);
    return made;
  });
}

/** Events for lines that were not prompted for never fire. */
function refuseLines(made: Interface): void {
  for (const name of ['on', 'addListener', 'once', 'prependListener'] as const) {
    const listen = made[name].bind(made) as (event: string, ...rest: unknown[]) => Interface;
    Object.assign(made, {
      [name]: (event: string, ...rest: unknown[]) => {
        if (event === 'line') throw advise();
        return listen(event, ...rest);
      },
    });
  }
  made[Symbol.asyncIterator] = () => {
    throw advise();
  };
}
