// The console of cells in a page. It prints like Node's, to the standard streams. The browser's console would not show in the
// notebook.
import { format, inspect } from 'node-inspect-extracted';

/** Indentation of groups in columns. */
const step = 2;

let margin = '';
const counts = new Map<string, number>();
const starts = new Map<string, number>();

function print(name: 'stdout' | 'stderr', text: string): void {
  process[name].write(margin === '' ? `${text}\n` : `${text.replace(/^/gm, margin)}\n`);
}
const printTo =
  (name: 'stdout' | 'stderr') =>
  (...values: unknown[]) =>
    print(name, format(...values));
const log = printTo('stdout');
const warn = printTo('stderr');

/** Like Node, warns after the current code. */
const warnLater = (words: string) => process.nextTick(() => process.stderr.write(`Warning: ${words}\n`));

class Trace extends Error {
  override name = 'Trace';
}
const trace = (...values: unknown[]): void => warn(new Trace(format(...values)).stack);

function assert(holds?: unknown, ...values: unknown[]): void {
  if (holds) return;
  const [first, ...rest] = values;
  if (typeof first === 'string') warn(`Assertion failed: ${first}`, ...rest);
  else warn('Assertion failed', ...values);
}

function count(name: unknown = 'default'): void {
  const label = String(name);
  counts.set(label, (counts.get(label) ?? 0) + 1);
  log(`${label}: ${counts.get(label)}`);
}

function countReset(name: unknown = 'default'): void {
  const label = String(name);
  if (!counts.delete(label)) warnLater(`Count for '${label}' does not exist`);
}

function time(name: unknown = 'default'): void {
  const label = String(name);
  if (starts.has(label)) warnLater(`Label '${label}' already exists for console.time()`);
  else starts.set(label, performance.now());
}

function passed(method: string, name: unknown): string | undefined {
  const label = String(name);
  const start = starts.get(label);
  if (start !== undefined) return `${label}: ${durationOf(performance.now() - start)}`;
  warnLater(`No such label '${label}' for console.${method}()`);
  return undefined;
}

function timeLog(name: unknown = 'default', ...values: unknown[]): void {
  const text = passed('timeLog', name);
  if (text !== undefined) log('%s', text, ...values);
}

function timeEnd(name: unknown = 'default'): void {
  const text = passed('timeEnd', name);
  if (text !== undefined) log('%s', text);
  starts.delete(String(name));
}

/** `1.5ms`, `2.250s`, `1:02.000 (m:ss.mmm)` */
function durationOf(milliseconds: number): string {
  if (milliseconds < 1000) return `${Number(milliseconds.toFixed(3))}ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(3)}s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = ((milliseconds % 60_000) / 1000).toFixed(3).padStart(6, '0');
  if (minutes < 60) return `${minutes}:${seconds} (m:ss.mmm)`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${seconds} (h:mm:ss.mmm)`;
}

/** A value in a table: objects with more than two properties only by name. */
function inCell(value: unknown): string {
  const isLarge = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 2;
  return inspect(value, { depth: isLarge ? -1 : 0, maxArrayLength: 3, breakLength: Number.POSITIVE_INFINITY });
}

/** A row of a table by column; `value` is for values without properties. */
interface Row {
  index: string;
  cells: Map<string, string>;
  value?: string;
}

const cellsOf = (entries: Iterable<readonly [string, unknown]>) =>
  new Map(Array.from(entries, ([name, value]) => [name, inCell(value)]));

function rowOf([index, member]: [string, unknown]): Row {
  if (member === null || (typeof member !== 'object' && typeof member !== 'function'))
    return { index, cells: new Map(), value: inCell(member) };
  return { index, cells: cellsOf(Object.entries(member)) };
}

/** A row for each member, a column for each property. Iterators are not shown, because reading would consume them. */
function table(data: unknown, columns?: readonly string[]): void {
  if (typeof data !== 'object' || data === null) log(data);
  else if (data instanceof Map) {
    const rows = [...data].map(([key, value], at) => ({
      index: String(at),
      cells: cellsOf([
        ['Key', key],
        ['Values', value],
      ]),
    }));
    log(draw('(iteration index)', rows, ['Key', 'Values']));
  } else if (data instanceof Set) {
    const rows = [...data].map((value, at) => ({ index: String(at), cells: new Map(), value: inCell(value) }));
    log(draw('(iteration index)', rows, [], true));
  } else {
    const rows = Object.entries(data).map(rowOf);
    const keys = new Set(rows.flatMap(({ cells }) => [...cells.keys()]));
    const hasValues = columns === undefined && rows.some(({ value }) => value !== undefined);
    log(draw('(index)', rows, columns ?? [...keys], hasValues));
  }
}

/** Characters two columns wide, such as Chinese and emoji, and of width zero, such as accents. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const none = /\p{Mn}|\p{Me}|\p{Cf}/u;
const widthOf = (text: string): number =>
  [...text.normalize('NFC')].reduce((sum, one) => sum + (wide.test(one) ? 2 : none.test(one) ? 0 : 1), 0);

function draw(corner: string, rows: readonly Row[], columns: readonly string[], hasValues = false): string {
  const lines = [
    [corner, ...columns, ...(hasValues ? ['Values'] : [])],
    ...rows.map(({ index, cells, value = '' }) => [
      index,
      ...columns.map((name) => cells.get(name) ?? ''),
      ...(hasValues ? [value] : []),
    ]),
  ];
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => widthOf(line[at]))) + 2);
  const rule = (left: string, between: string, right: string) =>
    `${left}${widths.map((width) => '─'.repeat(width)).join(between)}${right}`;
  const [head, ...body] = lines.map(
    (line) => `│${line.map((text, at) => ` ${text}${' '.repeat(widths[at] - 1 - widthOf(text))}`).join('│')}│`,
  );
  return [rule('┌', '┬', '┐'), head, rule('├', '┼', '┤'), ...body, rule('└', '┴', '┘')].join('\n');
}

/** Installs this console. */
export function installConsole(): void {
  Object.assign(console, {
    ...{ log, info: log, debug: log, dirxml: log, warn, error: warn, trace, assert },
    ...{ count, countReset, time, timeLog, timeEnd, table },
    dir: (value: unknown, options?: object) => print('stdout', inspect(value, { customInspect: false, ...options })),
    group: () => {
      margin += ' '.repeat(step);
    },
    groupEnd: () => {
      margin = margin.slice(step);
    },
    clear: () => {},
  });
}
