import { PlotError } from '../../../errors';
import type { TracedCall } from '../../../training';
import { curves, Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot';

/** Calls of the loop itself, without hooks of callbacks. */
export const ownCalls = (calls: readonly TracedCall[]): TracedCall[] => calls.filter(({ callback }) => callback === '');

/** Options of {@link callsFigure}. */
export interface CallsFigureOptions {
  /** How many of the calls have been made. Default: all. */
  made?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 260. */
  height?: number;
}

/** Whose code a call is, and its colour. */
const owners = [
  { name: 'the loop', color: '#8A8A8A', of: () => true },
  { name: 'net and loss', color: '#0B62A4', of: (call: string) => /^(net\(|loss\(|trainStep)/.test(call) },
  { name: 'back through the tape', color: '#2E7D5B', of: (call: string) => call === 'backward()' },
  { name: 'steps', color: '#B84A00', of: (call: string) => call === 'optimizer.step()' },
] as const;

interface Span {
  from: number;
  to: number;
  row: number;
  text: string;
}

/** Calls that lie in one epoch, or in one batch, as spans. */
function spans(calls: readonly TracedCall[], row: number, keyOf: (call: TracedCall) => string | null): Span[] {
  const found: (Span & { key: string })[] = [];
  for (const [i, call] of calls.entries()) {
    const key = keyOf(call);
    const last = found.at(-1);
    if (key === null) continue;
    if (last?.key === key && last.to === i) last.to = i + 1;
    else found.push({ key, from: i, to: i + 1, row, text: row === 1 ? `epoch ${call.epoch! + 1}` : '' });
  }
  return found;
}

/**
 * A training as a drawing of its calls, one after the other: below all of `fit`, above it epochs, batches and single calls, each in the colour
 * of whose code it is.
 * @throws {PlotError} if there are no calls, or `made` is no whole number from 0 to how many there are.
 */
export function callsFigure(calls: readonly TracedCall[], options: CallsFigureOptions = {}): Figure {
  const { made = calls.length, title, height = 260 } = options;
  if (calls.length === 0) throw new PlotError('callsFigure: expected calls, got none');
  if (!(Number.isInteger(made) && made >= 0 && made <= calls.length))
    throw new PlotError(`callsFigure: made must be a whole number from 0 to ${calls.length}, got ${made}`);
  const seen = calls.slice(0, made);
  const ownerOf = (call: string) => owners.map(({ of }) => of(call)).lastIndexOf(true);
  const outer: Span[] = [
    ...(made > 0 ? [{ from: 0, to: made, row: 0, text: 'fit' }] : []),
    ...spans(seen, 1, ({ epoch }) => (epoch === null ? null : String(epoch))),
    ...spans(seen, 2, ({ epoch, batch }) => (batch === null ? null : `${epoch}/${batch}`)),
  ];
  const frame = curves(
    owners.map(({ name, color }) => ({ name, x: [Number.NaN], y: [Number.NaN], color })),
    {
      ...(title !== undefined && { title }),
      xLabel: 'calls',
      yLabel: '',
      xRange: [0, calls.length],
      yRange: [0, 4],
      height,
    },
  );
  const data = owners.map(({ name, color }, k): PlotlyTrace => {
    const own = seen.flatMap(({ call }, i): Span[] =>
      ownerOf(call) === k ? [{ from: i, to: i + 1, row: 3, text: '' }] : [],
    );
    const all = k === 0 ? [...outer, ...own] : own;
    return {
      type: 'bar',
      orientation: 'h',
      name,
      // What has no calls yet keeps its place in the legend; of a trace without points plotly knows no attributes.
      ...(all.length
        ? {
            base: all.map(({ from }) => from),
            x: all.map(({ from, to }) => to - from),
            y: all.map(({ row }) => row + 0.5),
          }
        : { base: [0], x: [null], y: [null] }),
      width: 0.86,
      text: all.map(({ text }) => text),
      textposition: 'inside',
      textangle: 0,
      insidetextanchor: 'middle',
      textfont: { color: '#FFFFFF' },
      marker: { color, line: { width: 1, color: '#FFFFFF' } },
      hoverinfo: 'skip',
    };
  });
  const yaxis = {
    ...(frame.layout.yaxis as PlotlyLayout),
    tickmode: 'array',
    tickvals: [0.5, 1.5, 2.5, 3.5],
    ticktext: ['fit', 'epochs', 'batches', 'calls'],
    showgrid: false,
  };
  const steps = seen.filter(({ call }) => call === 'optimizer.step()').length;
  return new Figure({
    data,
    layout: { ...frame.layout, yaxis, barmode: 'overlay' },
    description: `${title ?? 'Calls of a training'}. ${made} of ${calls.length} calls are made, ${steps} of them steps of the optimizer.`,
  });
}
