import { describe } from '../describe';
import { ValueError } from '../errors';
import type { Row, TrialRecord } from './types';

const columns = ['number', 'state', 'value', 'seed', 'bracket', 'rung', 'resource', 'from', 'reason'] as const;

/** Returns a row for each trial; empty columns are omitted. @internal */
export function rowsOf(names: readonly string[], trials: readonly TrialRecord[]): Row[] {
  const own = columns.filter((name, i) => i < 4 || trials.some((trial) => trial[name] !== undefined));
  return trials.map((trial) =>
    Object.fromEntries([
      ...own.slice(0, 3).map((name) => [name, trial[name]]),
      ...names.map((name) => [`params_${name}`, trial.params[name]]),
      ...own.slice(3).map((name) => [name, trial[name]]),
    ]),
  );
}

/** @throws {ValueError} unless it is a list of rows. */
function requireRows(who: string, rows: unknown): void {
  const isRow = (row: unknown) => typeof row === 'object' && row !== null;
  if (!Array.isArray(rows) || !rows.every(isRow))
    throw new ValueError(`${who}: needs a list of rows, as study.table() returns, got ${describe(rows)}`);
}

/**
 * Formats rows as comma-separated values (RFC 4180), with a header line: missing values are empty; strings that contain
 * commas, quotes or line breaks are quoted.
 *
 * @example
 * tuner.csv([{ number: 0, value: 0.5, params_act: 'relu' }]) // 'number,value,params_act\r\n0,0.5,relu\r\n'
 */
export function csv(rows: readonly Row[]): string {
  requireRows('tuner.csv', rows);
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: unknown) => {
    const text = value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((line) => `${line.map(cell).join(',')}\r\n`)
    .join('');
}

/**
 * Converts rows to columns of numbers, for `io.saveNpz` and figures, with NaN for missing numbers. A column of other
 * values becomes one column for each value, `params_act=relu`, with 1 if a trial has it and 0 otherwise.
 *
 * @example
 * const rows = [{ value: 0.5, params_act: 'relu' }, { value: undefined, params_act: 'tanh' }];
 * Object.entries(tuner.arrays(rows)).join(' ') // 'value,0.5,NaN params_act=relu,1,0 params_act=tanh,0,1'
 */
export function arrays(rows: readonly Row[]): Record<string, number[]> {
  requireRows('tuner.arrays', rows);
  const columns: Record<string, number[]> = {};
  for (const name of Object.keys(rows[0] ?? {})) {
    const values = rows.map((row) => row[name]);
    if (values.every((value) => value === undefined || typeof value === 'number'))
      columns[name] = values.map((value) => (value === undefined ? Number.NaN : Number(value)));
    else
      for (const one of new Set(values))
        if (one !== undefined) columns[`${name}=${one}`] = values.map((value) => (value === one ? 1 : 0));
  }
  return columns;
}
