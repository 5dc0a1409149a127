import type { NumberMatrix } from '../../display';
import { PlotError } from '../../errors';
import { Figure } from './figure';
import { type HeatmapOptions, heatmap, readCells } from './heatmap';
import { mark } from './marks';
import { palette } from './theme';

/** Options of {@link confusion}. */
export interface ConfusionOptions extends Pick<HeatmapOptions, 'title' | 'width' | 'height' | 'annotate' | 'range'> {
  /** The names of the classes. */
  classes: readonly string[];
  /**
   * Whether colours follow the logarithm, so that a few mistakes are visible beside many correct answers. Default:
   * true.
   */
  log?: boolean;
  /** A cell in a frame: the index of the class, and that of the answer. Default: none. */
  chosen?: readonly [truth: number, answer: number];
  /** The title of the colour bar. Default: “count”. */
  zLabel?: string;
}

/**
 * The confusion matrix: `matrix[truth][answer]`, as `training.evaluate` counts. Correct answers are on the diagonal;
 * zero counts have no colour on a logarithmic scale.
 * @example
 * plot.confusion([[48, 2], [5, 45]], { classes: ['shirt', 'coat'], zLabel: 'pictures' })
 * @throws {PlotError} unless the matrix has a row and a column for each class, or if there is no `chosen` cell.
 */
export function confusion(matrix: NumberMatrix, options: ConfusionOptions): Figure {
  const { classes, log = true, chosen, ...rest } = options;
  const { z } = readCells({ z: matrix }, 'confusion');
  if (z.length !== classes.length || z[0]!.length !== classes.length)
    throw new PlotError(
      `confusion: ${classes.length} classes need as many rows and columns, got ${z.length} × ${z[0]!.length}`,
    );
  if (chosen && !chosen.every((place) => Number.isInteger(place) && place >= 0 && place < classes.length))
    throw new PlotError(`confusion: chosen must be two class numbers from 0 to ${classes.length - 1}, got [${chosen}]`);
  const { data, layout, description } = heatmap(
    { z, x: classes, y: classes },
    { log, xLabel: 'answer', yLabel: 'truth', zLabel: 'count', ...rest },
  );
  const cells = { ...data[0]!, textfont: { size: 9 } };
  const ends = [-0.5, classes.length - 0.5];
  // The names below are upright and replace the axis title.
  const small = { tickfont: { size: 10 }, showgrid: false };
  const xaxis = { ...(layout.xaxis as object), ...small, range: ends, tickangle: -90, title: { text: '' } };
  const yaxis = {
    ...(layout.yaxis as object),
    ...small,
    autorange: false,
    range: [...ends].reverse(),
    title: { text: 'row: truth, column: answer', font: { size: 12 }, standoff: 14 },
  };
  const frame =
    chosen &&
    mark({
      name: 'chosen',
      x: [classes[chosen[1]]],
      y: [classes[chosen[0]]],
      marker: { symbol: 'square-open', size: 24, color: palette[0], line: { width: 3 } },
    });
  const words = chosen ? ` Chosen: ${classes[chosen[0]]} taken for ${classes[chosen[1]]}.` : '';
  return new Figure({
    data: frame ? [cells, frame] : [cells],
    layout: { ...layout, xaxis, yaxis },
    description: `${description}${words}`,
  });
}
