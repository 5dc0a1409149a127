import { ValueError } from '../errors';
import { describe } from '../ops/table/arguments';
import { refuseSurplus } from '../surplus';
import type { Row, TrialRecord } from './types';

const columns = ['number', 'state', 'value', 'seed', 'bracket', 'rung', 'resource', 'from', 'reason'] as const;

/** A row for each trial; columns that none has are left out. @internal */
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

/** @throws {ValueError} unless they are rows. */
function requireRows(who: string, rows: unknown): void {
  const isRow = (row: unknown) => typeof row === 'object' && row !== null;
  if (!Array.isArray(rows) || !rows.every(isRow))
    throw new ValueError(`${who}: needs a list of rows, as study.table() gives, got ${describe(rows)}`);
}

/**
 * Rows as comma-separated values (RFC 4180), with a line of names above them: what a trial lacks is empty; texts that hold commas, quotes
 * or new lines are quoted.
 *
 * @example
 * tuner.csv([{ number: 0, value: 0.5, params_act: 'relu' }]) // 'number,value,params_act\r\n0,0.5,relu\r\n'
 */
export function csv(rows: readonly Row[]): string {
  if (arguments.length > 1) refuseSurplus('csv', arguments, 1);
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
 * Columns of numbers, for `io.saveNpz` and figures: numbers as they are, NaN where a trial lacks one. A column of anything else becomes
 * one for each of its values, `params_act=relu`, with 1 where a trial has it and 0 elsewhere.
 *
 * @example
 * const rows = [{ value: 0.5, params_act: 'relu' }, { value: undefined, params_act: 'tanh' }];
 * Object.entries(tuner.arrays(rows)).join(' ') // 'value,0.5,NaN params_act=relu,1,0 params_act=tanh,0,1'
 */
export function arrays(rows: readonly Row[]): Record<string, number[]> {
  if (arguments.length > 1) refuseSurplus('arrays', arguments, 1);
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
