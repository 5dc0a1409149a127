import { curves, Figure, type PlotlyLayout, panels, type Series } from '../../plot';
import type { Visit } from './patients';

/** The records of one net: its name, all visits, and which of them is shown. */
export interface Chart {
  name: string;
  visits: readonly Visit[];
  step: number;
}

const [orange, grey] = ['#B84A00', '#7A828A'];
/** The position of an exact 0 on a logarithmic axis. */
const none = 1e-12;
/** Units of x for each net: nine layers and a gap. */
const stride = 11;
const lines = (lists: readonly (readonly number[])[]) => lists.flatMap((list) => [...list, Number.NaN]);

/**
 * Charts of nets side by side: above the loss so far, below the lengths of each layer's gradient and weights,
 * logarithmic. An exact 0 is on a separate line, *none*.
 */
export function charts(all: readonly Chart[], options: { title?: string } = {}): Figure {
  const at = (k: number) => all.map((_, i) => i * stride + k);
  const width = Math.max(...all.map(({ visits }) => visits[0]!.gradients.length));
  const named = (figure: Figure, labels: readonly string[], axis: PlotlyLayout = {}): Figure =>
    new Figure({
      data: figure.data,
      layout: {
        ...figure.layout,
        xaxis: {
          ...(figure.layout.xaxis as object),
          tickvals: at((width + 1) / 2),
          ticktext: [...labels],
          ticks: '',
          showgrid: false,
        },
        yaxis: { ...(figure.layout.yaxis as object), ...axis },
      },
      description: figure.description,
    });

  const last = Math.max(...all[0]!.visits.map(({ step }) => step));
  const along = (step: number) => 1 + ((width - 1) * step) / last;
  const past = all.map(({ visits, step }) => visits.filter((visit) => visit.step <= step));
  const losses = curves(
    [
      {
        name: 'loss',
        x: lines(past.map((some, i) => some.map(({ step }) => i * stride + along(step)))),
        y: lines(past.map((some) => some.map(({ loss }) => loss))),
        color: '#0072B2',
        dash: 'solid',
        mode: 'lines+markers',
      },
    ],
    { xRange: [-0.5, all.length * stride], yRange: [0, 1], yLabel: 'loss', xLabel: '' },
  );
  const shown = all.map(({ visits, step }) => visits.find((visit) => visit.step === step)!);
  const ofLayers = (name: string, pick: (visit: Visit) => number[], color: string, dash: string): Series => ({
    name,
    x: lines(shown.map((visit, i) => pick(visit).map((_, l) => i * stride + l + 1))),
    y: lines(shown.map((visit) => pick(visit).map((value) => Math.max(value, none)))),
    mode: 'lines+markers',
    color,
    dash,
  });
  const layers = curves(
    [
      ofLayers('weights', ({ weights }) => weights, grey, 'dot'),
      ofLayers('gradient', ({ gradients }) => gradients, orange, 'solid'),
    ],
    { xRange: [-0.5, all.length * stride], yRange: [none / 8, 100], yLog: true, yLabel: 'length', xLabel: 'layer' },
  );
  const figure = panels(
    [
      named(
        losses,
        all.map(({ name }, i) => `${name}: ${shown[i]!.loss.toFixed(4)}`),
      ),
      named(
        layers,
        all.map(() => `1 to ${width}`),
        {
          dtick: undefined,
          tickvals: [none, 1e-9, 1e-6, 1e-3, 1],
          ticktext: ['none', '10⁻⁹', '10⁻⁶', '10⁻³', '1'],
        },
      ),
    ],
    { columns: 1, height: 112, ...options },
  );
  // The losses need a third of the space of the layers.
  const sized = (key: string, domain: [number, number]) => ({ [key]: { ...(figure.layout[key] as object), domain } });
  const layout = { ...figure.layout, ...sized('yaxis', [0.8, 1]), ...sized('yaxis2', [0, 0.68]) };
  // If both are none, one is visible around the other.
  const data = figure.data.map((trace) =>
    trace.name === 'weights' ? { ...trace, marker: { color: grey, size: 11, symbol: 'square-open' } } : trace,
  );
  return new Figure({ data, layout, description: figure.description });
}
