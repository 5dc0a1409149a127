// Errors as a TypeScript programmer wants them: the source where it happened, frames, causes.
import { inspect } from 'node:util';
import { excerptAt, grey, red } from '../excerpt';
import { inOwnWords } from '../given-names';
import type { ErrorReport } from '../process-messages';
import { sourceLines } from './source-maps';
import { headOf, stackOf } from './stack';

/** As many characters of a message are shown. */
const longest = 10_000;
/** How deep causes are followed, and how many errors inside an AggregateError are shown. */
const deepest = 5;
const most = 10;
/** Properties that are shown in a way of their own. */
const described = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** What the protocol wants to know of something that was thrown. */
export function reportOf(thrown: unknown): ErrorReport {
  try {
    if (!isError(thrown)) return reportOfValue(thrown);
    return { ename: nameOf(thrown), evalue: messageOf(thrown), traceback: describe(thrown, 0) };
  } catch (error) {
    const evalue = `an error that cannot be shown: ${headOf(error)}`;
    return { ename: 'Error', evalue, traceback: [`${red('Error')}: ${evalue}`] };
  }
}

function reportOfValue(thrown: unknown): ErrorReport {
  const ename =
    thrown === null || thrown === undefined ? String(thrown) : (Object(thrown).constructor?.name ?? 'Object');
  const evalue = bounded(typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2 }));
  return { ename, evalue, traceback: [`${red(`Uncaught ${ename}`)}: ${evalue}`] };
}

const isError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]';

/** A property, which may be a getter that throws. */
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

const messageOf = (error: Error): string => bounded(inOwnWords(String(read(error, 'message') ?? '')));

const bounded = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} more characters)` : text;

/** Name and message, the source at fault, the frames, then the same of the causes. */
function describe(error: Error, depth: number): string[] {
  const frames = stackOf(error);
  return [
    `${red(nameOf(error))}: ${messageOf(error)}`,
    ...excerpt(frames),
    ...frames,
    ...properties(error),
    ...inner(error).flatMap(([label, value]) => {
      const title = grey(`[${label}]`);
      if (depth === deepest) return [`${title}: …`];
      if (!isError(value)) return [`${title}: ${bounded(inspect(value, { depth: 2 }))}`];
      const [first, ...rest] = describe(value, depth + 1);
      return [`${title}: ${first}`, ...rest];
    }),
  ];
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

/** What an error says beside its message, such as `code`. */
function properties(error: Error): string[] {
  const shown = Object.entries(Object.getOwnPropertyDescriptors(error)).filter(
    ([key, { enumerable, value }]) => enumerable && value !== undefined && !described.has(key),
  );
  if (shown.length === 0) return [];
  const values = Object.fromEntries(shown.map(([key, { value }]) => [key, value as unknown]));
  return [`    ${bounded(inspect(values, { depth: 1, breakLength: 100 }))}`];
}

/** The source around the topmost frame that is in a cell. */
function excerpt(frames: readonly string[]): string[] {
  for (const frame of frames) {
    const [, file, line, column] = /(Cell \[\d+\]):(\d+):(\d+)/.exec(frame) ?? [];
    const lines = file === undefined ? undefined : sourceLines(file);
    // What the compiler has added stands nowhere.
    if (lines?.[Number(line) - 1] !== undefined) return excerptAt(lines, Number(line), Number(column), 1);
  }
  return [];
}
