import { SourceMap, type SourceMapPayload } from 'node:module';
import { textInBase64 } from '../json';

/** A compiled source with its source map and the text as typed. */
interface Compiled {
  /** In Base64, until an error needs it: a decoded map takes ten times the memory. */
  map: string | SourceMap;
  /** Lines in the compiled code before the source. */
  before: number;
  source: string | undefined;
}

const compiled = new Map<string, Compiled>();

/** Registers the source map of compiled JavaScript. */
export function addSourceMap(file: string, js: string, before: number, source?: string): void {
  const [, encoded] = /sourceMappingURL=data:[^,]*;base64,(\S+)\s*$/.exec(js) ?? [];
  if (encoded === undefined) return;
  compiled.set(file, { map: encoded, before, source });
}

function mapOf(one: Compiled): SourceMap {
  if (typeof one.map === 'string') one.map = new SourceMap(JSON.parse(textInBase64(one.map)) as SourceMapPayload);
  return one.map;
}

/** Maps a position in compiled code to the source as typed; lines and columns start at 1. */
export function originalPlace(
  file: string,
  line: number,
  column: number,
): { line: number; column: number } | undefined {
  const known = compiled.get(file);
  if (known === undefined) return undefined;
  const entry = mapOf(known).findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return undefined;
  return { line: entry.originalLine + 1 - known.before, column: entry.originalColumn + 1 };
}

/** Whether a file has a registered source map. */
export const isCompiled = (file: string): boolean => compiled.has(file);

/** The lines of a cell as it was typed. */
export const sourceLines = (file: string): string[] | undefined => compiled.get(file)?.source?.split('\n');
