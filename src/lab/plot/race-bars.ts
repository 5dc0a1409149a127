import { formatNumber } from '../../display';
import type { RaceResult, Run } from '../races';
import { bars } from './bars';
import { Figure } from './figure';
import { checkRuns, lookOf } from './race-parts';

/** Options of {@link raceBars}. */
export interface RaceBarsOptions {
  /** The line above the figure. Default: none. */
  title?: string;
  /** The axis's name. Default: “steps to stay below” the tolerance. */
  label?: string;
  /** Height of the drawing in pixels. Default: 300. */
  height?: number;
}

/**
 * The number of steps of each racer until its loss stayed below the tolerance, on a logarithmic axis; the hatched bar
 * of one that did not arrive extends to the edge.
 * @example
 * const result = races.race(races.landscapes.bowl(), races.racers(), { steps: 400 });
 * plot.raceBars(result)
 * @throws {PlotError} if there are no runs.
 */
export function raceBars(result: RaceResult, options: RaceBarsOptions = {}): Figure {
  checkRuns('raceBars', result);
  const { runs, steps, tolerance } = result;
  const { title, height = 300, label = `steps to stay below ${formatNumber(tolerance)}` } = options;
  const none = ({ settled }: Run) => !Number.isFinite(settled);
  const end = steps * 1.9;
  const figure = bars([{ name: label, values: runs.map((run) => (none(run) ? end : Math.max(1, run.settled))) }], {
    labels: runs.map(({ racer }) => racer.name),
    horizontal: true,
    yLog: true,
    yRange: [1, end],
    yLabel: label,
    height,
    ...(title !== undefined && { title }),
  });
  const data = figure.data.map((trace) => ({
    ...trace,
    marker: {
      color: runs.map((run) => `${lookOf(run).color}${none(run) ? '66' : ''}`),
      pattern: { shape: runs.map((run) => (none(run) ? '/' : '')), fgopacity: 0.6 },
    },
    text: runs.map((run) => (none(run) ? `not within ${steps}` : formatNumber(run.settled, 3))),
    textposition: runs.map((run) => (none(run) || run.settled > steps / 1.5 ? 'inside' : 'outside')),
    insidetextanchor: 'end',
    insidetextfont: { color: '#1A1A1A' },
  }));
  const words = runs.map(({ racer, settled }) => `${racer.name} ${Number.isFinite(settled) ? settled : 'none'}`);
  return new Figure({
    data,
    layout: figure.layout,
    description: `Bars${title ? `: ${title}` : ''}. ${label}: ${words.join(', ')}.`,
  });
}
