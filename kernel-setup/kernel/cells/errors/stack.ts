// Stack traces in terms of the source: frames of cells, local files and packages. Frames of the kernel and of Node are
// removed, and those of gradlab fold into one line, unless all are requested.
import { inOwnWords, isGiven } from '../../given-names';
import { ShownPaths } from '../../shown-paths';
import { isOfKernel, isOfLibrary, linesOf, ownFolders, withNames } from './frames';
import { isCompiled, originalPlace } from './source-maps';

const place = /(Cell \[\d+\]|expression|\/[^():]+\.\w+):(\d+):(\d+)/;
/** A frame of a file outside the notebook's folder. */
const ofLibrary = /(?:\(|at (?:async )?)(?:file:\/\/|https?:\/\/|\/|[A-Za-z]:\\)[^()]*:\d+:\d+\)?$/;
/** The path in a frame. */
const pathIn = /(?<=\(|at (?:async )?)(?:file:\/\/)?\/[^()]*(?=:\d+:\d+\)?$)/;
/** The receiver in V8's name of a cell's function that is assigned to a name of an earlier cell. */
const givenOwner = /\b__gradlab_(flow\.)?\w+\./;
/** Frames kept for each error: enough to reach the cell through a deep library. */
const kept = 50;
/** Identical frames shown in a row. */
const repeated = 3;

let paths = new ShownPaths(process.cwd(), ownFolders);

/** Shows paths relative to a folder. @param folder of the notebook */
export function showPathsFrom(folder: string): void {
  paths = new ShownPaths(folder, ownFolders);
}

/** A text of the engine or of a package with paths relative to the notebook. */
export const withShownPaths = (text: string): string =>
  // The internal file name of all cells is meaningless to a reader.
  paths
    .in(text)
    .replace(/\n- cell\.[jt]s(?=\n|$)/, '')
    .replace(/\nRequire stack:(?=\n(?!- )|$)/, '');

/** Whether stack traces show all frames. Cells may request it with `process.env.GRADLAB_FRAMES = 'all'`. */
const showsAll = (): boolean => process.env.GRADLAB_FRAMES === 'all';

/** Errors whose stack was formatted here. Libraries may replace `prepareStackTrace`. */
const written = new WeakSet<object>();

export function installStackTraces(): void {
  Error.stackTraceLimit = kept;
  Error.prepareStackTrace = (error, sites) =>
    stackText(
      error,
      sites.map((site) => `    at ${site}`),
    );
}

/** The text of an error's stack from its frames. */
export function stackText(error: object, lines: readonly string[]): string {
  written.add(error);
  return [headOf(error), ...framesOf(lines)].join('\n');
}

/** Name and message, as in the first lines of a stack. Also for objects that are not errors, as in `console.trace`. */
export function headOf(error: unknown): string {
  try {
    return withShownPaths(inOwnWords(Error.prototype.toString.call(error)));
  } catch {
    return 'Error';
  }
}

/** The frames of an error, one per line. */
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
  // Callers of a cell's function, such as the widget library, are irrelevant to the error.
  const outermost = frames.findLastIndex((frame) => !ofLibrary.test(frame) || isTyped(frame));
  return folded(outermost < 0 ? frames : frames.slice(0, outermost + 1));
}

/** Folds consecutive frames of gradlab into one line. */
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

/** A frame with its position in the source and its path relative to the notebook. */
function shownFrame(frame: string): string {
  const mapped = frame.replace(place, originalOf);
  // Compiled cells and files are functions without a name of their own.
  const named = mapped.replace(/^( +at (?:async )?)(?:[\w$]*\.)?(?:eval|<anonymous>) \((.*:\d+:\d+)\)$/, '$1$2');
  return named.replace(pathIn, (file) => paths.of(file));
}

/** Whether a frame is in a file compiled here. */
function isTyped(line: string): boolean {
  const [, file] = place.exec(line) ?? [];
  return file !== undefined && isCompiled(file);
}

function originalOf(compiled: string, file: string, line: string, column: string): string {
  const original = originalPlace(file, Number(line), Number(column));
  return original === undefined ? compiled : `${file}:${original.line}:${original.column}`;
}

/** Helpers that TypeScript emits for newer syntax, such as `using`, are not in the source. */
function isOfHelper(line: string): boolean {
  const [, file, row, column] = place.exec(line) ?? [];
  return file !== undefined && isCompiled(file) && originalPlace(file, Number(row), Number(column)) === undefined;
}

/** Shortens infinite recursion, whose frames are all the same. */
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
