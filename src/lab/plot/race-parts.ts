/** Common parts of the figures of an optimizer race. */

import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import type { RaceResult, Run } from '../races';
import type { PlotlyTrace } from './figure';
import type { Domain } from './input';
import { mark } from './marks';
import { base64 } from './png';

const ownLook = { color: '#009E73', dash: 'solid', symbol: 'star' };

export const lookOf = ({
  racer: { color = ownLook.color, dash = ownLook.dash, symbol = ownLook.symbol },
}: Run): typeof ownLook => ({
  color,
  dash,
  symbol,
});

export function checkRuns(who: string, { runs }: RaceResult): void {
  if (!runs?.length) throw new PlotError(`${who}: expected the result of training.race with at least one run`);
}

export function describeRun({ racer, path, losses, settled }: Run, tolerance: number): string {
  const at = path
    .at(-1)!
    .map((value) => formatNumber(value))
    .join(', ');
  const arrived = Number.isFinite(settled)
    ? `stays below ${formatNumber(tolerance)} from step ${settled} on`
    : `does not stay below ${formatNumber(tolerance)}`;
  return `${racer.name} (rate ${formatNumber(racer.lr)}) ends at (${at}) with loss ${formatNumber(losses.at(-1)!)} and ${arrived}.`;
}

/** The points of a run for a figure, up to ten widths away. */
export function placesOf(
  { path }: Run,
  { x, y }: Domain,
  change: (x: number, y: number) => readonly [number, number],
): (readonly [number, number])[] {
  const far = 10 * Math.max(x[1] - x[0], y[1] - y[0]);
  const lost = path.findIndex((at) => !at.every((value) => Math.abs(value) < far));
  return (lost < 0 ? path : path.slice(0, lost)).map((at) => change(...at));
}

/** Tags a trace with its kind and racer, for the player of a race. */
export const tagged = (trace: PlotlyTrace, kind: string, racer?: string): PlotlyTrace => ({
  ...trace,
  meta: { race: kind, ...(racer !== undefined && { racer }) },
});

/** All racers at one step, as markers: on a plane or, where places have a `z`, in space. */
export function standing(runs: readonly Run[], isFlat: boolean, places: readonly Partial<Spot>[]): PlotlyTrace {
  const read = (key: keyof Spot) => places.map((at) => at[key] ?? null);
  const balls = mark({
    name: 'now',
    x: read('x'),
    y: read('y'),
    ...(!isFlat && { z: read('z') }),
    marker: {
      color: runs.map((run) => lookOf(run).color),
      symbol: 'circle',
      size: isFlat ? 11 : 6,
      line: { color: '#FFFFFF', width: 1 },
    },
  });
  return tagged(balls, 'now');
}

type Spot = Record<'x' | 'y' | 'z', number | string | null>;

/** float32 in base64, as plotly reads it; a gap is NaN. */
function asBytes(values: readonly (number | null)[], rows?: number) {
  const floats = Float32Array.from(values, (value) => value ?? Number.NaN);
  const shape = rows === undefined ? {} : { shape: `${rows}, ${values.length / rows}` };
  return { dtype: 'f4', bdata: base64([...new Uint8Array(floats.buffer)]), ...shape };
}

const isNumber = (value: unknown) => value === null || typeof value === 'number';

/** Encodes the numbers of a trace as bytes: a fifth of their size in a notebook, where each has a separate line. */
export function inBytes(trace: PlotlyTrace): PlotlyTrace {
  const packed = (['x', 'y', 'z'] as const).flatMap((key) => {
    const values = trace[key] as unknown[] | undefined;
    if (!Array.isArray(values) || values.length < 3) return [];
    if (values.every(isNumber)) return [[key, asBytes(values as (number | null)[])]];
    if (!values.every((row) => Array.isArray(row) && row.every(isNumber))) return [];
    return [[key, asBytes((values as (number | null)[][]).flat(), values.length)]];
  });
  return { ...trace, ...Object.fromEntries(packed) };
}
