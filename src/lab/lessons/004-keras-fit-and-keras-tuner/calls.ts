import { PlotError } from '../../../errors';
import type { TracedCall } from '../../../training';
import { curves, Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot';
import { barMark } from '../../plot/marks';

/** Calls of the loop itself within batches, without hooks of callbacks. */
export const ownCalls = (calls: readonly TracedCall[]): TracedCall[] =>
  calls.filter(({ callback, batch }) => callback === '' && batch !== null);

/** Options of {@link callsFigure}. */
export interface CallsFigureOptions {
  /** The number of calls made. Default: all. */
  made?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 200. */
  height?: number;
}

const grey = '#8A8A8A';

/** The calls of a batch, from the first to the last, and the colour of the owner of each call's code. */
const lanes = [
  { call: 'optimizer.zeroGrad()', name: 'gradients cleared', color: '#8A6FD1' },
  { call: 'net(x)', name: 'net', color: '#0B62A4' },
  { call: 'loss(output, y)', name: 'loss', color: '#2B8CC4' },
  { call: 'backward()', name: 'gradients', color: '#2E7D5B' },
  { call: 'optimizer.step()', name: 'steps', color: '#B84A00' },
] as const;

/**
 * A training as a sequence of its calls, each in the row of its kind; below them their batches and epochs.
 * @throws {PlotError} if there are no calls, or `made` is not a whole number from 0 to their number.
 */
export function callsFigure(calls: readonly TracedCall[], options: CallsFigureOptions = {}): Figure {
  const { made = calls.length, title, height = 200 } = options;
  if (calls.length === 0) throw new PlotError('callsFigure: expected calls, got none');
  if (!(Number.isInteger(made) && made >= 0 && made <= calls.length))
    throw new PlotError(`callsFigure: made must be a whole number from 0 to ${calls.length}, got ${made}`);
  const seen = calls.slice(0, made);
  /** The ranges of consecutive calls with the same key, and their texts. */
  const spans = (row: number, keyOf: (call: TracedCall) => string, textOf: (call: TracedCall) => string) => {
    const found: { key: string; from: number; to: number; row: number; text: string }[] = [];
    for (const [i, call] of seen.entries()) {
      const key = keyOf(call);
      const last = found.at(-1);
      if (last?.key === key) last.to = i + 1;
      else found.push({ key, from: i, to: i + 1, row, text: textOf(call) });
    }
    return found;
  };
  const outer = [
    ...spans(
      0,
      ({ epoch }) => String(epoch),
      ({ epoch }) => `epoch ${epoch! + 1}`,
    ),
    ...spans(
      1,
      ({ epoch, batch }) => `${epoch}/${batch}`,
      ({ batch }) => String(batch! + 1),
    ),
  ];
  const bars = [
    { name: 'epochs and batches', color: grey, spans: outer },
    ...lanes.map(({ call, name, color }, k) => ({
      name,
      color,
      spans: seen.flatMap((one, i) => (one.call === call ? [{ from: i, to: i + 1, row: 2 + k, text: '' }] : [])),
    })),
  ];
  const frame = curves(
    bars.map(({ name, color }) => ({ name, x: [Number.NaN], y: [Number.NaN], color })),
    {
      ...(title !== undefined && { title }),
      xLabel: 'calls',
      yLabel: '',
      xRange: [0, calls.length],
      yRange: [-0.3, 7.3],
      height,
    },
  );
  const data = bars.map(
    ({ name, color, spans: own }): PlotlyTrace =>
      barMark({
        orientation: 'h',
        name,
        // Plotly knows no attributes of a trace without points.
        ...(own.length
          ? {
              base: own.map(({ from }) => from),
              x: own.map(({ from, to }) => to - from),
              y: own.map(({ row }) => row + 0.5),
            }
          : { base: [0], x: [null], y: [null] }),
        width: 0.86,
        text: own.map(({ text }) => text),
        textposition: 'inside',
        textangle: 0,
        insidetextanchor: 'middle',
        textfont: { color: '#FFFFFF' },
        marker: { color, line: { width: 1, color: '#FFFFFF' } }, // rows have their names on the axis
      }),
  );
  const names = ['epochs', 'batches', 'zeroGrad', 'net(x)', 'loss', 'backward', 'step'];
  const yaxis = {
    ...(frame.layout.yaxis as PlotlyLayout),
    tickmode: 'array',
    tickvals: names.map((_, row) => row + 0.5),
    ticktext: names,
    showgrid: false,
  };
  const steps = seen.filter(({ call }) => call === 'optimizer.step()').length;
  return new Figure({
    data,
    layout: { ...frame.layout, yaxis, barmode: 'overlay', showlegend: false },
    description: `${title ?? 'Calls of a training'}. ${made} of ${calls.length} calls are made, ${steps} of them steps of the optimizer.`,
  });
}
