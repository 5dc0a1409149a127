// Data frames as tables: polars, arquero, Apache Arrow, Danfo, results of DuckDB, and objects with the same methods.
import { inspect } from 'node:util';
import type { MimeBundle } from '../../process-messages';

type Anything = Record<string, unknown>;

/** The interface common to all tables. */
export interface Frame {
  height: number;
  names: readonly string[];
  /** The value in a cell. */
  at(row: number, column: number): unknown;
}

/** Above these sizes only the first and last rows or columns are shown. */
const most = { rows: 60, columns: 20 };
const ends = { rows: 5, columns: 10 };
const longestCell = 100;

/** A value as a table, if it is a data frame. */
export function frameOf(value: object): Frame | undefined {
  const of = value as Anything;
  return ofArquero(of) ?? ofArrow(of) ?? ofPolars(of) ?? ofDanfo(of) ?? ofReader(of) ?? ofChunks(of);
}

const isNames = (names: unknown): names is string[] =>
  Array.isArray(names) && names.every((name) => typeof name === 'string' || typeof name === 'number');
const isSize = (size: unknown): size is number => Number.isInteger(size) && (size as number) >= 0;
const has = (of: Anything, ...methods: string[]) => methods.every((name) => typeof of[name] === 'function');

function ofArquero(of: Anything): Frame | undefined {
  if (!has(of, 'numRows', 'columnNames', 'get')) return undefined;
  const table = of as unknown as {
    numRows(): number;
    columnNames(): string[];
    get(name: string, row: number): unknown;
  };
  const names = table.columnNames();
  return { height: table.numRows(), names, at: (row, column) => table.get(names[column], row) };
}

function ofArrow(of: Anything): Frame | undefined {
  const { numRows, schema } = of as { numRows?: unknown; schema?: { fields?: unknown } };
  const fields = schema?.fields;
  if (!isSize(numRows) || !Array.isArray(fields) || !has(of, 'getChildAt')) return undefined;
  const table = of as unknown as { getChildAt(column: number): { get(row: number): unknown } | null };
  const names = fields.map(({ name }: { name: unknown }) => String(name));
  return { height: numRows, names, at: (row, column) => table.getChildAt(column)?.get(row) };
}

function ofPolars(of: Anything): Frame | undefined {
  const { height, columns } = of;
  if (!isSize(height) || !isNames(columns) || !has(of, 'row', 'getColumn')) return undefined;
  const table = of as unknown as { row(i: number): unknown[] };
  const rows = new Map<number, unknown[]>();
  const row = (i: number) => {
    if (!rows.has(i)) rows.set(i, table.row(i));
    return rows.get(i)!;
  };
  return { height, names: columns, at: (i, column) => row(i)[column] };
}

function ofDanfo(of: Anything): Frame | undefined {
  const { shape, columns } = of;
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every(isSize) || !isNames(columns)) return undefined;
  if (columns.length !== shape[1] || !has(of, 'iloc', 'head')) return undefined;
  const values = of.values;
  if (!Array.isArray(values)) return undefined;
  // The values of a series are not rows.
  const at = (row: number, column: number): unknown => (Array.isArray(values[row]) ? values[row][column] : values[row]);
  return { height: shape[0], names: columns.map(String), at };
}

/** A result that DuckDB has already read. */
function ofReader(of: Anything): Frame | undefined {
  const { currentRowCount: height } = of;
  if (!isSize(height) || !has(of, 'columnNames', 'value', 'getRows')) return undefined;
  const table = of as unknown as { columnNames(): string[]; value(column: number, row: number): unknown };
  return { height, names: table.columnNames(), at: (row, column) => table.value(column, row) };
}

/** A DuckDB result in chunks. */
function ofChunks(of: Anything): Frame | undefined {
  const { rowCount: height, chunkCount } = of;
  if (!isSize(height) || !isSize(chunkCount) || !has(of, 'columnNames', 'getChunk')) return undefined;
  type Chunk = { rowCount: number; getRowValues(row: number): unknown[] };
  const table = of as unknown as { columnNames(): string[]; getChunk(i: number): Chunk };
  const at = (row: number, column: number) => {
    let before = 0;
    for (let i = 0; i < chunkCount; i++) {
      const chunk = table.getChunk(i);
      if (row < before + chunk.rowCount) return chunk.getRowValues(row - before)[column];
      before += chunk.rowCount;
    }
    return undefined;
  };
  return { height, names: table.columnNames(), at };
}

/** The table, cut in the middle, with its size below. */
export function showFrame(frame: Frame): MimeBundle {
  const rows = cut(frame.height, most.rows, ends.rows);
  const columns = cut(frame.names.length, most.columns, ends.columns);
  const gap = '…';
  const lines = [
    columns.map((column) => (column === undefined ? gap : String(frame.names[column]))),
    ...rows.map((row) =>
      columns.map((column) => (row === undefined || column === undefined ? gap : textOfCell(frame.at(row, column)))),
    ),
  ];
  const numeric = columns.map(
    (column) =>
      column !== undefined &&
      rows.some((row) => row !== undefined && /^(number|bigint)$/.test(typeof frame.at(row, column))),
  );
  const size = sizeOf(frame);
  return { 'text/html': asHtml(lines, numeric, size), 'text/plain': asText(lines, numeric, size) };
}

/** The indices to show; undefined marks the gap. */
function cut(count: number, limit: number, end: number): (number | undefined)[] {
  if (count <= limit) return Array.from({ length: count }, (_, i) => i);
  const some = Array.from({ length: end }, (_, i) => i);
  return [...some, undefined, ...some.map((i) => count - end + i)];
}

/** The size in words. */
export const sizeOf = ({ height, names }: Frame): string =>
  `${counted(height, 'row')} × ${counted(names.length, 'column')}`;

const counted = (count: number, what: string) => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

function textOfCell(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : value instanceof Date && !Number.isNaN(value.getTime())
        ? value.toISOString()
        : typeof value === 'object' && value !== null
          ? inspect(value, { depth: 1, maxArrayLength: 6, breakLength: Number.POSITIVE_INFINITY })
          : String(value);
  return text.length > longestCell ? `${text.slice(0, longestCell)}…` : text;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character]);

function asHtml([head, ...rows]: string[][], numeric: boolean[], size: string): string {
  const line = (tag: string, cells: string[]) =>
    `<tr>${cells.map((text, i) => `<${tag} style="text-align: ${numeric[i] ? 'right' : 'left'}">${escaped(text)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => line('td', cells)).join('\n');
  return `<table>\n<thead>${line('th', head)}</thead>\n<tbody>\n${body}\n</tbody>\n</table>\n<p>${size}</p>`;
}

function asText(lines: string[][], numeric: boolean[], size: string): string {
  const oneLine = lines.map((cells) => cells.map((text) => text.replace(/\s+/g, ' ')));
  const widths = (oneLine[0] ?? []).map((_, i) => Math.max(...oneLine.map((cells) => cells[i].length)));
  const padded = oneLine.map((cells) =>
    cells
      .map((text, i) => (numeric[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  return [...padded, '', size].join('\n');
}
