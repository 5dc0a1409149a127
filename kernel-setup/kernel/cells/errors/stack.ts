// Stack traces in terms of what was typed: lines of the cells, of local files and of packages. The kernel's own and Node's are left
// out, gradlab's are one line, unless somebody asks for all.
import { inOwnWords, isGiven } from '../../given-names';
import { ShownPaths } from '../../shown-paths';
import { isOfKernel, isOfLibrary, linesOf, ownFolders, withNames } from './frames';
import { isCompiled, originalPlace } from './source-maps';

const place = /(Cell \[\d+\]|expression|\/[^():]+\.\w+):(\d+):(\d+)/;
/** A frame of a file outside the notebook's folder. */
const ofLibrary = /(?:\(|at (?:async )?)(?:file:\/\/|https?:\/\/|\/|[A-Za-z]:\\)[^()]*:\d+:\d+\)?$/;
/** The path in a frame. */
const pathIn = /(?<=\(|at (?:async )?)(?:file:\/\/)?\/[^()]*(?=:\d+:\d+\)?$)/;
/** What a cell's function is called after if the cell hands it to a name of an earlier one. */
const givenOwner = /\b__gradlab_(flow\.)?\w+\./;
/** As many frames are kept of each error: enough to reach the cell through a deep library. */
const kept = 50;
/** As many frames that are the same are shown in a row. */
const repeated = 3;

let paths = new ShownPaths(process.cwd(), ownFolders);

/** Paths are shown as a folder sees them. @param folder of the notebook */
export function showPathsFrom(folder: string): void {
  paths = new ShownPaths(folder, ownFolders);
}

/** A text of the engine or of a package with its paths as the notebook sees them. */
export const withShownPaths = (text: string): string =>
  // The name by which Node knows all cells says nothing.
  paths
    .in(text)
    .replace(/\n- cell\.[jt]s(?=\n|$)/, '')
    .replace(/\nRequire stack:(?=\n(?!- )|$)/, '');

/** Whether stack traces have all frames. A cell may say so, too: `process.env.GRADLAB_FRAMES = 'all'`. */
const showsAll = (): boolean => process.env.GRADLAB_FRAMES === 'all';

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
    return withShownPaths(inOwnWords(Error.prototype.toString.call(error)));
  } catch {
    return 'Error';
  }
}

/** The frames of an error, one in each line. */
export function stackOf(error: Error): string[] {
  const { stack } = error;
  if (typeof stack !== 'string') return [];
  const head = headOf(error);
  const text = stack.startsWith(head) ? stack.slice(head.length) : stack;
  const frames = written.has(error)
    ? text.split('\n').filter((line) => /^\s+at /.test(line) || isFold(line))
    : framesOf(linesOf(text, error));
  return withoutRepeats(frames);
}

function framesOf(lines: readonly string[]): string[] {
  const named = lines.map((line) => withNames(line.replace(givenOwner, '')));
  if (showsAll()) return named.map(shownFrame);
  const frames = named.filter(
    (line) =>
      !isOfKernel(line) &&
      !/\bnode:|<anonymous>\)?$|\beval\]-wrapper:/.test(line) &&
      !isGiven(line) &&
      !isOfHelper(line),
  );
  // What has called a cell's function, such as the library behind a slider, says nothing about the error.
  const outermost = frames.findLastIndex((frame) => !ofLibrary.test(frame) || isTyped(frame));
  return folded(outermost < 0 ? frames : frames.slice(0, outermost + 1));
}

/** Frames of gradlab in a row as one line. */
function folded(frames: readonly string[]): string[] {
  const shown: string[] = [];
  let count = 0;
  const fold = () => {
    if (count > 0)
      shown.push(`    … ${count} frame${count === 1 ? '' : 's'} in gradlab${shown.some(isFold) ? '' : setting}`);
    count = 0;
  };
  for (const frame of frames) {
    if (isOfLibrary(frame)) {
      count += 1;
      continue;
    }
    fold();
    shown.push(shownFrame(frame));
  }
  fold();
  return shown;
}

const setting = ' (GRADLAB_FRAMES=all shows them)';
const isFold = (line: string): boolean => /^ {4}… \d+ frames? in gradlab/.test(line);

/** A frame with its place as typed, and its path as the notebook sees it. */
function shownFrame(frame: string): string {
  const mapped = frame.replace(place, originalOf);
  // The functions that cells and local files are compiled to have no names for the reader.
  const named = mapped.replace(/^( +at (?:async )?)(?:[\w$]*\.)?(?:eval|<anonymous>) \((.*:\d+:\d+)\)$/, '$1$2');
  return named.replace(pathIn, (file) => paths.of(file));
}

/** Whether a frame is of a file that was compiled here. */
function isTyped(line: string): boolean {
  const [, file] = place.exec(line) ?? [];
  return file !== undefined && isCompiled(file);
}

function originalOf(compiled: string, file: string, line: string, column: string): string {
  const original = originalPlace(file, Number(line), Number(column));
  return original === undefined ? compiled : `${file}:${original.line}:${original.column}`;
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
