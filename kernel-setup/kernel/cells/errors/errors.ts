// Error reports for TypeScript users: the source at fault, frames, causes.
import { inspect } from 'node:util';
import { excerptAt, grey, red } from '../../excerpt';
import { inOwnWords } from '../../given-names';
import type { ErrorReport } from '../../process-messages';
import { sourceLines } from './source-maps';
import { headOf, stackOf, withShownPaths } from './stack';

/** Maximum length of a message. */
const longest = 10_000;
/** Maximum depth of causes, and number of errors shown from an AggregateError. */
const deepest = 5;
const most = 10;
/** Properties with their own presentation. For a missing module, the message already names the importing modules. */
const described = new Set(['name', 'message', 'stack', 'cause', 'errors', 'requireStack']);

/** A possible reason why a value does not have its declared type, if one is known. */
let reason = (): string | undefined => undefined;

export function giveReasonBy(find: () => string | undefined): void {
  reason = find;
}

const saysToRestart = /: restart the kernel to use /;

/** The report of a thrown value for the protocol. */
export function reportOf(thrown: unknown): ErrorReport {
  try {
    if (!isError(thrown)) return reportOfValue(thrown);
    const evalue = messageOf(thrown);
    const why = thrown instanceof TypeError ? reason() : undefined;
    const traceback = describe(thrown, new Said());
    if (why !== undefined && !saysToRestart.test(evalue)) traceback.push(`${red('→')} ${why}`);
    return { ename: nameOf(thrown), evalue, traceback };
  } catch (error) {
    const evalue = `an error that cannot be shown: ${headOf(error)}`;
    return { ename: 'Error', evalue, traceback: [`${red('Error')}: ${evalue}`] };
  }
}

function reportOfValue(thrown: unknown): ErrorReport {
  const ename =
    thrown === null || thrown === undefined ? String(thrown) : (Object(thrown).constructor?.name ?? 'Object');
  const evalue = bounded(withShownPaths(typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2 })));
  return { ename, evalue, traceback: [`${red(`Uncaught ${ename}`)}: ${evalue}`] };
}

const isError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]';

/** Reads a property whose getter may throw. */
function read(error: Error, property: 'name' | 'message' | 'constructor' | 'cause'): unknown {
  try {
    return error[property];
  } catch {
    return undefined;
  }
}

function nameOf(error: Error): string {
  const name = read(error, 'name');
  const own = (read(error, 'constructor') as { name?: unknown } | undefined)?.name;
  return String((name === 'Error' || !name ? own : name) || 'Error');
}

const messageOf = (error: Error): string =>
  bounded(withShownPaths(inOwnWords(String(read(error, 'message') ?? ''))).trimEnd());

const bounded = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} more characters)` : text;

/** What the report of an error has shown so far, so that inner errors add only what is new. */
class Said {
  readonly errors = new Set<unknown>();
  readonly messages: string[] = [];
  /** Labels of inner errors, by name and message. */
  readonly labels = new Map<string, string>();
  /** Lines of cells already shown. */
  readonly lines = new Set<string>();
  depth = 0;

  /** Whether an earlier message contains this one, as in `reading failed: …`. */
  has(message: string): boolean {
    const isPart = (text: string, at = text.indexOf(message)): boolean =>
      at >= 0 && (!isWithinWord(text, at, message.length) || isPart(text, text.indexOf(message, at + 1)));
    return message !== '' && this.messages.some((text) => isPart(text));
  }
}

const isWithinWord = (text: string, at: number, length: number): boolean =>
  /\w\w/.test(text.slice(Math.max(at - 1, 0), at + 1).padStart(2)) ||
  /\w\w/.test(text.slice(at + length - 1, at + length + 1));

/** Name and message, source at fault, frames, then what is new in the causes. @param outer frames of the enclosing error */
function describe(error: Error, said: Said, outer: readonly string[] = [], label = ''): string[] {
  const [name, message] = [nameOf(error), messageOf(error)];
  const known = said.labels.get(`${name}: ${message}`);
  const head = known === undefined ? nameAnd(name, said.has(message) ? '' : message) : `the same as ${known}`;
  said.errors.add(error);
  said.messages.push(message);
  if (label !== '' && known === undefined) said.labels.set(`${name}: ${message}`, label);
  const frames = stackOf(error);
  const own = withoutCommon(frames, outer);
  said.depth += 1;
  const described = [
    head,
    ...excerpt(own, said),
    ...own,
    ...properties(error),
    ...inner(error).flatMap(([each, value]) => {
      const title = grey(`[${each}]`);
      if (said.depth > deepest || said.errors.has(value)) return [`${title}: …`];
      if (!isError(value)) return [`${title}: ${bounded(withShownPaths(inspect(value, { depth: 2 })))}`];
      const [first, ...rest] = describe(value, said, frames, each);
      return [`${title}: ${first}`, ...rest];
    }),
  ];
  said.depth -= 1;
  return described;
}

const nameAnd = (name: string, message: string) => (message === '' ? red(name) : `${red(name)}: ${message}`);

/** The frames of an error without the last ones that it shares with the enclosing error. */
function withoutCommon(frames: readonly string[], outer: readonly string[]): readonly string[] {
  let common = 0;
  while (common < frames.length && frames.at(-1 - common) === outer.at(-1 - common)) common += 1;
  return frames.slice(0, frames.length - common);
}

/** Causes and the errors inside an AggregateError. */
function inner(error: Error): [label: string, value: unknown][] {
  const cause = read(error, 'cause');
  const causes: [string, unknown][] = cause === undefined ? [] : [['cause', cause]];
  if (!(error instanceof AggregateError)) return causes;
  const { errors } = error;
  const shown = errors.slice(0, most).map((e, i): [string, unknown] => [`errors[${i}]`, e]);
  if (errors.length > most) shown.push(['errors', `${errors.length - most} more`]);
  return [...causes, ...shown];
}

/** Output of a child process, which the message repeats, and its process id, which differs between runs. */
const ofChild = new Set(['output', 'stdout', 'stderr', 'pid']);

/** Additional properties of an error, such as `code`. */
function properties(error: Error): string[] {
  const isOfChild = 'status' in error && 'output' in error;
  const shown = Object.entries(Object.getOwnPropertyDescriptors(error)).filter(
    ([key, { enumerable, value }]) =>
      enumerable && value !== undefined && !described.has(key) && !(isOfChild && ofChild.has(key)),
  );
  if (shown.length === 0) return [];
  const values = Object.fromEntries(shown.map(([key, { value }]) => [key, value as unknown]));
  const text = withShownPaths(inspect(values, { depth: 1, breakLength: 100 }));
  return [`    ${bounded(text.replaceAll('\n', '\n    '))}`];
}

/** The source around the topmost frame in a cell, shown once. */
function excerpt(frames: readonly string[], said: Said): string[] {
  for (const frame of frames) {
    const [, file, line, column] = /(Cell \[\d+\]):(\d+):(\d+)/.exec(frame) ?? [];
    const lines = file === undefined ? undefined : sourceLines(file);
    // Lines that the compiler added are not in the source.
    if (lines?.[Number(line) - 1] === undefined) continue;
    const place = `${file}:${line}`;
    if (said.lines.has(place)) return [];
    said.lines.add(place);
    return excerptAt(lines, Number(line), Number(column), 1);
  }
  return [];
}

/** Errors printed by a cell have paths relative to the notebook, like the errors it fails with. */
export function showPathsInPrintedErrors(): void {
  const printing = new Set<unknown>();
  Object.defineProperty(Error.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: Error, depth: number, options: object, print: typeof inspect): unknown {
      if (printing.has(this)) return this; // already printing itself
      printing.add(this);
      try {
        return withShownPaths(print(this, { ...options, depth }));
      } finally {
        printing.delete(this);
      }
    },
  });
}
