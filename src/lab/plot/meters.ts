import { roundTo } from '../../display';
import type { PlotlyTrace } from './figure';
import { compact } from './input';
import { mark, orNowhere } from './marks';
import { neutral, palette, printed } from './theme';

/** A bar beside a network that compares numbers, such as the predicted and the actual effect of a changed edge. */
export interface Meter {
  /** The name of the number. */
  name: string;
  /** The number; the bar's length is its magnitude. `null`: not known yet. */
  value: number | null;
  /** The number for a bar of full length. Default: the largest of the meters. */
  most?: number;
  /** Whether it is grey, for earlier values. Default: false. */
  old?: boolean;
}

/** Pixels for a bar under the drawing. */
export const meterHeight = 41.6;

/** Returns bars below the layers, one below the other, with names before and numbers after them. */
export function metersBelow(meters: readonly Meter[], right: number, room: number): PlotlyTrace[] {
  const row = (i: number) => roundTo(-0.13 - ((i + 0.5) * room) / meters.length / (1 - room));
  const bar = { start: 0.42 * right, length: 0.45 * right, gap: 0.02 * right };
  return metersAt(meters, row, bar, (i) => ({ x: bar.start - bar.gap, y: row(i), position: 'middle left' }));
}

/** The extent of bars to the right beyond the last layer. */
export const roomRight = (right: number): number => 0.5 * right + 0.15;

/** Returns bars to the right of the last layer, with names above and numbers after them. */
export function metersRight(meters: readonly Meter[], right: number): PlotlyTrace[] {
  const row = (i: number) => roundTo(0.5 + 0.34 * ((meters.length - 1) / 2 - i));
  const bar = { start: right + 0.35, length: 0.35 * right, gap: 0.01 * right };
  return metersAt(meters, row, bar, (i) => ({ x: bar.start, y: row(i) + 0.07, position: 'top right' }));
}

function metersAt(
  meters: readonly Meter[],
  row: (i: number) => number,
  { start, length, gap }: { start: number; length: number; gap: number },
  nameAt: (i: number) => { x: number; y: number; position: string },
): PlotlyTrace[] {
  const sizeOf = ({ value }: Meter) => (value !== null && Number.isFinite(value) ? Math.abs(value) : 0);
  const largest = Math.max(...meters.map(sizeOf), 1e-300);
  const end = (meter: Meter) => start + length * Math.min(1, sizeOf(meter) / (meter.most ?? largest));
  const shared = mark({ name: 'meters' });
  const names = meters.map((_, i) => nameAt(i));
  const bars = (isOld: boolean, color: string): PlotlyTrace => {
    const some = meters.map((meter, i) => ({ meter, y: row(i) })).filter(({ meter: { old = false } }) => old === isOld);
    return {
      ...shared,
      mode: 'lines',
      x: orNowhere(some.flatMap(({ meter }) => [start, ...compact([end(meter)], 1), null])),
      y: orNowhere(some.flatMap(({ y }) => [y, y, null])),
      line: { color, width: 12 },
    };
  };
  return [
    bars(false, palette[0]!),
    {
      ...shared,
      mode: 'text',
      x: orNowhere(meters.flatMap((meter, i) => [names[i]!.x, ...compact([end(meter) + gap], 1)])),
      y: orNowhere(meters.flatMap((_, i) => [roundTo(names[i]!.y), row(i)])),
      text: meters.flatMap(({ name, value }) => [name, value === null ? '' : printed(value)]),
      textposition: meters.flatMap((_, i) => [names[i]!.position, 'middle right']),
      textfont: { size: 13 },
      cliponaxis: false,
    },
    bars(true, neutral),
  ];
}
