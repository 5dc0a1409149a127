// Stack traces in terms of what was typed: lines of the cells and of local files, none of the kernel and of Node.
import path from 'node:path';
import { inOwnWords, isGiven } from '../given-names';
import { isOfKernel, linesOf, withNames } from './frames';
import { isCompiled, originalPlace } from './source-maps';

const place = /(Cell \[\d+\]|expression|\/[^():]+\.\w+):(\d+):(\d+)/;
/** A frame of a file outside the notebook's folder. */
const ofLibrary = /(?:\(|at (?:async )?)(?:file:\/\/|https?:\/\/|\/|[A-Za-z]:\\)[^()]*:\d+:\d+\)?$/;
/** What a cell's function is called after if the cell hands it to a name of an earlier one. */
const givenOwner = /\b__gradlab_(flow\.)?\w+\./;
/** As many frames are kept of each error: enough to reach the cell through a deep library. */
const kept = 50;
/** As many frames that are the same are shown in a row. */
const repeated = 3;

/** Errors whose stack was written here; libraries may put their own function in our place. */
const written = new WeakSet<object>();

export function installStackTraces(): void {
  Error.stackTraceLimit = kept;
  Error.prepareStackTrace = (error, sites) =>
    stackText(
      error,
      sites.map((site) => `    at ${site}`),
    );
}

/** The text of an error's stack, written of its frames. */
export function stackText(error: object, lines: readonly string[]): string {
  written.add(error);
  return [headOf(error), ...framesOf(lines)].join('\n');
}

/** Name and message, as the first lines of a stack have them, also of what is no error, as in `console.trace`. */
export function headOf(error: unknown): string {
  try {
    return inOwnWords(Error.prototype.toString.call(error));
  } catch {
    return 'Error';
  }
}

/** The frames of an error, one in each line. */
export function stackOf(error: Error): string[] {
  const { stack } = error;
  if (typeof stack !== 'string') return [];
  const head = headOf(error);
  const frames = linesOf(stack.startsWith(head) ? stack.slice(head.length) : stack, error);
  return withoutRepeats(written.has(error) ? frames : framesOf(frames));
}

function framesOf(lines: readonly string[]): string[] {
  const frames = lines
    .map((line) => withNames(line.replace(givenOwner, '')))
    .filter((line) => !isOfKernel(line) && !/\bnode:|<anonymous>\)?$/.test(line) && !isGiven(line) && !isOfHelper(line))
    .map((line) => {
      const mapped = line.replace(place, originalOf);
      // The functions that cells and local files are compiled to have no names for the reader.
      return mapped.replace(/^( +at (?:async )?)(?:[\w$]*\.)?(?:eval|<anonymous>) \((.*:\d+:\d+)\)$/, '$1$2');
    });
  // What has called a cell's function, such as the library behind a slider, says nothing about the error.
  const outermost = frames.findLastIndex((frame) => !ofLibrary.test(frame));
  return outermost < 0 ? frames : frames.slice(0, outermost + 1);
}

function originalOf(compiled: string, file: string, line: string, column: string): string {
  const original = originalPlace(file, Number(line), Number(column));
  const inFolder = path.relative(process.cwd(), file);
  const name = file.startsWith('/') && !inFolder.startsWith('..') ? inFolder : file;
  return original === undefined ? compiled : `${name}:${original.line}:${original.column}`;
}

/** What TypeScript adds for newer syntax, such as `using`, stands nowhere in what was typed. */
function isOfHelper(line: string): boolean {
  const [, file, row, column] = place.exec(line) ?? [];
  return file !== undefined && isCompiled(file) && originalPlace(file, Number(row), Number(column)) === undefined;
}

/** A recursion without end is a page of the same frame. */
function withoutRepeats(frames: readonly string[]): string[] {
  const shown: string[] = [];
  for (let at = 0; at < frames.length; ) {
    let end = at;
    while (frames[end] === frames[at]) end += 1;
    const count = Math.min(end - at, repeated);
    shown.push(...frames.slice(at, at + count));
    if (end - at > count) shown.push(`    … ${end - at - count} more of the same`);
    at = end;
  }
  return shown;
}
