import { describe } from '../../describe';
import { PlotError } from '../../errors';
import { Figure } from './figure';

/** Options of {@link settings}. */
export interface SettingsOptions {
  /** The name of the setting, shown before the buttons. */
  label: string;
  /** The name of the figure shown first. Default: the first one. */
  open?: string;
}

/**
 * Figures of one kind with a row of buttons that switch between them: `settings({ "two layers": a, "eight layers": b },
 * { label: "depth" })`. A slider keeps its value if the next figure has it. Without gradlab's renderer only the first figure is shown.
 *
 * @example
 * const losses = (rate: number) => [0, 1, 2, 3].map((step) => (1 - rate) ** (2 * step));
 * const at = (rate: number) => plot.curves([{ name: 'loss', y: losses(rate) }], { xLabel: 'step', yLabel: 'loss' });
 * plot.settings({ '0.1': at(0.1), '0.5': at(0.5) }, { label: 'rate' })
 * @throws {PlotError} if there are fewer than two figures, `open` is none of them, their traces differ in number or type, or one has
 *   settings of its own
 */
export function settings(figures: Readonly<Record<string, Figure>>, options: SettingsOptions): Figure {
  const all = new Map(Object.entries(figures));
  const names = [...all.keys()];
  if (names.length < 2) throw new PlotError(`settings: there must be at least two figures, got ${names.length}`);
  const { label, open = names[0]! } = options;
  const shown = all.get(open);
  if (!shown) throw new PlotError(`settings: open must be one of ${names.join(', ')}, got ${describe(open)}`);
  const kindOf = ({ data, plays }: Figure) => `${plays ? 'descent: ' : ''}${data.map(({ type }) => type).join(', ')}`;
  for (const [name, figure] of all) {
    if (figure.settings) throw new PlotError(`settings: "${name}" has settings of its own`);
    if (kindOf(figure) !== kindOf(shown))
      throw new PlotError(
        `settings: all figures need the same traces; "${open}" has ${kindOf(shown)}, "${name}" has ${kindOf(figure)}`,
      );
  }
  return new Figure({
    ...{ data: shown.data, layout: shown.layout, frames: shown.frames, values: shown.values, plays: shown.plays },
    description: `${label}: ${names.join(', ')}. At ${open}: ${shown.description}`,
    settings: { label, open, figures: all },
  });
}
