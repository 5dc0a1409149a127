import { formatNumber } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyTrace, raceBars } from '../../plot';
import { mark } from '../../plot/marks';
import type { RaceResult } from '../../races';

/** Options of {@link stepBars}. */
export interface StepBarsOptions {
  /** The earlier step counts, marked on the bars. `Infinity`: no mark. Default: none. */
  before?: readonly number[];
  /** The name of the marks, shown on hover. Default: “before”. */
  beforeName?: string;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The axis's name. Default: “steps to stay below” the tolerance. */
  label?: string;
  /** Height of the drawing in pixels. Default: 300. */
  height?: number;
}

/**
 * The bars of `plot.raceBars`, each with the racer's rate below its name and a mark at its earlier step count.
 *
 * @example
 * const three = races.racers().slice(0, 3);
 * stepBars(races.race(races.landscapes.bowl({ angle: 45 }), three), { before: [96, 77, 51], beforeName: 'at 0°' })
 * @throws {PlotError} if there are no runs, or not as many numbers in `before` as runs.
 */
export function stepBars(result: RaceResult, options: StepBarsOptions = {}): Figure {
  const { before = result.runs.map(() => Number.POSITIVE_INFINITY), beforeName = 'before', ...rest } = options;
  const { data, layout, description } = raceBars(result, rest);
  const { runs } = result;
  if (before.length !== runs.length)
    throw new PlotError(`stepBars: before has ${before.length} numbers for ${runs.length} runs`);
  // Short if a racer did not arrive: a mark may be in the right half of the bar, which is narrow on a phone.
  const text = runs.map(({ settled }) => (Number.isFinite(settled) ? formatNumber(settled, 3) : `> ${result.steps}`));
  const names = runs.map(({ racer }) => `${racer.name}<br>rate ${formatNumber(racer.lr, 2)}`);
  const tick = (color: string, width: number): PlotlyTrace =>
    mark({
      name: beforeName,
      x: before.map((steps) => (Number.isFinite(steps) ? steps : null)),
      y: names,
      marker: { symbol: 'line-ns', size: 24, color, line: { width, color } },
      hover: `${beforeName}: %{x}<extra></extra>`,
    });
  const words = before.map((steps, i) => `${runs[i]!.racer.name} ${Number.isFinite(steps) ? steps : 'none'}`);
  return new Figure({
    data: [...data.map((trace) => ({ ...trace, y: names, text })), tick('#FFFFFF', 6), tick('#1A1A1A', 2.5)],
    layout,
    description: options.before ? `${description} Marks, ${beforeName}: ${words.join(', ')}.` : description,
  });
}
