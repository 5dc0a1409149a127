// Errors as a TypeScript programmer wants them: lines of the cell as typed, frames of earlier cells as `Cell [n]`, causes,
// an excerpt of the source, and no frames of the kernel.
import path from 'node:path';
import { inspect } from 'node:util';
import { excerptAt, grey, red } from '../excerpt';
import type { ErrorReport } from '../process-messages';
import { originalPlace, sourceLines } from './source-maps';

const kernelFolder = path.dirname(__dirname);
const frame = /^(.*?)((?:Cell \[\d+\]|expression|\/[^():]+\.tsx?)):(\d+):(\d+)(\)?)$/;

/** Stack traces in terms of what was typed. */
export function installStackTraces(): void {
  Error.prepareStackTrace = (error, sites) => [headOf(error), ...framesOf(sites.map(String))].join('\n');
}

function headOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}

/** Frames with places in the source as typed, without those of the kernel and of Node. */
function framesOf(sites: readonly string[]): string[] {
  return sites
    .filter((site) => !site.includes(kernelFolder) && !/\(?node:/.test(site) && !/<anonymous>\)?$/.test(site))
    .map((site) => `    at ${mapped(site)}`);
}

function mapped(site: string): string {
  const [, before, file, line, column, after] = frame.exec(site) ?? [];
  if (file === undefined) return site;
  const place = originalPlace(file, Number(line), Number(column));
  // The function that a cell is compiled to has no name for the reader.
  const at = place === undefined ? `${file}:${line}:${column}` : `${file}:${place.line}:${place.column}`;
  return /^(?:async )?eval|^$/.test(before) ? at : `${before}${at}${after}`;
}

/** What the protocol wants to know of something that was thrown. */
export function reportOf(thrown: unknown): ErrorReport {
  try {
    return isError(thrown) ? reportOfError(thrown) : reportOfValue(thrown);
  } catch (error) {
    const evalue = `an error that cannot be shown: ${headOf(error)}`;
    return { ename: 'Error', evalue, traceback: [`${red('Error')}: ${evalue}`] };
  }
}

const isError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]';

function nameOf(error: Error): string {
  const { name } = error;
  const own = error.constructor?.name;
  return String((name === 'Error' || !name ? own : name) || 'Error');
}

function reportOfError(error: Error): ErrorReport {
  const ename = nameOf(error);
  const evalue = String(error.message);
  const stack = stackOf(error);
  const traceback = [`${red(ename)}: ${evalue}`, ...excerpt(stack), ...stack, ...details(error)];
  return { ename, evalue, traceback };
}

function reportOfValue(thrown: unknown): ErrorReport {
  const ename =
    thrown === null || thrown === undefined ? String(thrown) : (Object(thrown).constructor?.name ?? 'Object');
  const evalue = typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2 });
  return { ename, evalue, traceback: [`${red(`Uncaught ${ename}`)}: ${evalue}`] };
}

/** The frames of an error; a library may have replaced how stacks are written, so they are mapped if they were not. */
function stackOf(error: Error): string[] {
  const { stack } = error;
  if (typeof stack !== 'string') return [];
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}

/** Causes and the errors inside an AggregateError, each with its own frames. */
function details(error: Error, depth = 0): string[] {
  if (depth === 5) return [];
  const inner: [string, unknown][] = [];
  if ('cause' in error && error.cause !== undefined) inner.push(['cause', error.cause]);
  if (error instanceof AggregateError) for (const [i, e] of error.errors.entries()) inner.push([`errors[${i}]`, e]);
  return inner.flatMap(([label, value]) => {
    if (!isError(value)) return [`${grey(`[${label}]`)}: ${inspect(value, { depth: 2 })}`];
    return [
      `${grey(`[${label}]`)}: ${red(nameOf(value))}: ${value.message}`,
      ...stackOf(value),
      ...details(value, depth + 1),
    ];
  });
}

/** The source around the topmost frame that is in a cell. */
function excerpt(stack: readonly string[]): string[] {
  for (const line of stack) {
    const [, file, at, column] = /(Cell \[\d+\]):(\d+):(\d+)/.exec(line) ?? [];
    const lines = file === undefined ? undefined : sourceLines(file);
    if (lines === undefined) continue;
    return excerptAt(lines, Number(at), Number(column), 1);
  }
  return [];
}
