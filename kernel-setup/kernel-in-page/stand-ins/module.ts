// The source maps of Node's module.
import { originalPositionFor, type SourceMapInput, TraceMap } from '@jridgewell/trace-mapping';

export class SourceMap {
  private readonly map: TraceMap;

  constructor(payload: SourceMapInput) {
    this.map = new TraceMap(payload);
  }

  /** Lines and columns from 0. */
  findEntry(line: number, column: number): { originalLine: number; originalColumn: number } | object {
    const { line: found, column: at } = originalPositionFor(this.map, { line: line + 1, column });
    return found === null ? {} : { originalLine: found - 1, originalColumn: at };
  }
}
