import { curves, Figure } from '../../plot';

/** Below this loss a net counts as awake. */
const awakeBelow = 0.3;
/** Larger losses stand here, a little above that of a coin. */
const most = 0.72;
const end = 0.76;

/** Nets in rows, a dot at each one's loss; those whose loss is below 0.3 have a colour of their own. */
export function beds(
  rows: readonly { name: string; losses: readonly number[] }[],
  options: { title?: string } = {},
): Figure {
  const dots = rows.flatMap(({ losses }, row) =>
    losses.map((loss, i) => ({
      loss: Math.min(most, loss),
      height: -row + 0.56 * (0.5 - i / Math.max(1, losses.length - 1)),
    })),
  );
  const group = (name: string, isIn: (loss: number) => boolean, color: string) => {
    const some = dots.filter(({ loss }) => isIn(loss));
    // A series needs a number; what is not seen is drawn as none.
    return {
      name,
      x: [Number.NaN, ...some.map(({ loss }) => loss)],
      y: [Number.NaN, ...some.map(({ height }) => height)],
      mode: 'markers' as const,
      color,
    };
  };
  const figure = curves(
    [
      group('asleep', (loss) => loss >= awakeBelow, '#0072B2'),
      group('awake', (loss) => loss < awakeBelow, '#B84A00'),
      ...rows
        .slice(1)
        .map((_, row) => ({ name: '', x: [0, end], y: [-row - 0.5, -row - 0.5], color: '#8A8A8A', dash: 'dot' })),
    ],
    {
      xRange: [-0.02, end],
      yRange: [0.5 - rows.length, 0.5],
      xLabel: `loss (${most} stands for more)`,
      yLabel: '',
      height: 266,
      lines: [{ name: 'a coin', x: Math.LN2 }],
      ...options,
    },
  );
  const data = figure.data.map((trace) => {
    const isDot = trace.mode === 'markers';
    if (trace.name === '') {
      const { hovertemplate, ...line } = trace;
      return { ...line, showlegend: false, hoverinfo: 'skip', line: { color: '#8A8A8A', width: 0.6 } };
    }
    return isDot ? { ...trace, marker: { ...(trace.marker as object), size: 8, opacity: 1 } } : trace;
  });
  const { yaxis, margin } = figure.layout;
  const names = {
    ...(yaxis as object),
    tickvals: rows.map((_, row) => -row),
    ticktext: rows.map(({ name }) => name),
    showgrid: false,
  };
  const layout = { ...figure.layout, yaxis: names, margin: { ...(margin as object), l: 130 } };
  const words = rows.map(
    ({ name, losses }) => `${name}: ${losses.filter((loss) => loss < awakeBelow).length} of ${losses.length} awake`,
  );
  return new Figure({ data, layout, description: `${words.join(', ')}.` });
}
