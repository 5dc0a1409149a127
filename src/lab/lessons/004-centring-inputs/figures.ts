import { descend, type Pair } from '../../classic';
import { curves, Figure, type PlotlyTrace, type Series } from '../../plot';
import { mark } from '../../plot/marks';
import { offsetOf, type Thermometer } from './days';
import { lineBowl } from './line-bowl';

const grey = '#8A8A8A';
/** The look of the first steps, in all figures of the lesson. */
const early = { color: '#0072B2', dash: 'solid' };

/** Some steps of the line at the best rate, from a line that is flat at the mean. */
function after(thermometer: Thermometer, steps: number) {
  const bowl = lineBowl(offsetOf(thermometer));
  const start: Pair = [1, -bowl.offset];
  const { points } = descend(bowl.gradient, start, { lr: bowl.bestRate, steps });
  return { bowl, points, last: points.at(-1)! };
}

/** The fraction of the way from flat to the best slope after some steps. */
export const turned = (thermometer: Thermometer, steps: number): number => 1 - after(thermometer, steps).last[0];

/**
 * The days, the flat line at the mean, the best line, and the line after some steps of descent. The axis has the thermometer's numbers.
 */
export function daysFigure(
  days: { celsius: number[]; sold: number[] },
  thermometer: Thermometer,
  options: { steps?: number } = {},
): Figure {
  const { steps = 200 } = options;
  const { bowl, last } = after(thermometer, steps);
  const ends = [-2.7, 2.7]; // in standard deviations from the mean
  const line = (off: Readonly<Pair>) => ends.map((x) => 100 + 40 * (x - off[0] * (x + bowl.offset) - off[1]));
  const figure = curves(
    [
      { name: 'a day', x: days.celsius.map((value) => (value - 20) / 5), y: days.sold, mode: 'markers', color: grey },
      { name: 'at the start', x: ends, y: line([1, -bowl.offset]), color: grey, dash: 'dash' },
      { name: 'the best line', x: ends, y: line([0, 0]), color: grey, dash: 'dot' },
      { name: `after ${steps} steps`, x: ends, y: line(last), ...early },
    ],
    {
      xRange: [-2.7, 2.7],
      yRange: [-40, 240],
      xLabel: 'temperature, in degrees from the chosen zero',
      yLabel: 'ice creams sold',
    },
  );
  // As text: separate axes for each thermometer would not move with stacked panels.
  const at = [10, 20, 30];
  const numbers: PlotlyTrace = mark({
    name: 'degrees',
    x: at.map((celsius) => (celsius - 20) / 5),
    y: at.map(() => -28),
    text: at.map((celsius) => `${Math.round((celsius - thermometer.zero) * thermometer.degrees)}`.replace('-', '−')),
    textfont: { size: 12 },
  });
  const { xaxis } = figure.layout;
  return new Figure({
    data: [...figure.data, numbers],
    layout: { ...figure.layout, xaxis: { ...(xaxis as object), showticklabels: false, tickvals: [-2, 0, 2] } },
    description: figure.description,
  });
}

/**
 * The loss of a line over its slope and intercept, in equal units: contours and the first steps at the best rate. It is scaled so that
 * all bowls have the same length.
 */
export function bowlFigure(thermometer: Thermometer, options: { steps?: number } = {}): Figure {
  const { steps = 200 } = options;
  const { bowl, points } = after(thermometer, steps);
  const unit = Math.hypot(1, bowl.offset);
  const angles = Array.from({ length: 121 }, (_, i) => (i * Math.PI) / 60);
  const ring = (share: number): Series => {
    const halves = bowl.curvatures.map((curvature) => Math.sqrt(share / curvature) / unit);
    const at = (side: 0 | 1) =>
      angles.map(
        (t) => Math.cos(t) * halves[0]! * bowl.axes[0]![side] + Math.sin(t) * halves[1]! * bowl.axes[1]![side],
      );
    return { name: `${share} of the first loss`, x: at(1), y: at(0), color: grey, dash: 'solid' };
  };
  const figure = curves(
    [
      ...[1, 0.5, 0.1].map(ring),
      {
        name: `after ${steps} steps`,
        // Points are at a weight's offset; the axes show its error, the negative.
        x: points.map(([, height]) => -height / unit),
        y: points.map(([slope]) => -slope / unit),
        ...early,
      },
      { name: 'flat at the mean', x: [bowl.offset / unit], y: [-1 / unit], mode: 'markers', color: early.color },
      { name: 'the best line', x: [0], y: [0], mode: 'markers', color: grey },
    ],
    {
      equalAspect: true,
      xRange: [-1.35, 1.35],
      yRange: [-1.05, 1.05],
      xLabel: 'intercept: too low or too high',
      yLabel: 'slope: too small or too large',
    },
  );
  const bare = (axis: unknown) => ({ ...(axis as object), showticklabels: false });
  const { xaxis, yaxis } = figure.layout;
  return new Figure({
    data: figure.data.map((trace) => ({
      ...trace,
      ...(trace.name === 'the best line' && { marker: { color: grey, size: 12, symbol: 'diamond' } }),
      showlegend: false,
    })),
    layout: { ...figure.layout, showlegend: false, xaxis: bare(xaxis), yaxis: bare(yaxis) },
    description: figure.description,
  });
}
