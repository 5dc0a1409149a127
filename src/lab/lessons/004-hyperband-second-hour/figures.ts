import { curves, Figure } from '../../plot';
import { type Bracket, bracketOf } from './bracket';

const looks = {
  training: { color: '#D55E00', dash: 'solid' },
  cut: { color: '#9AA3AB', dash: 'solid' },
  best: { color: '#0072B2', dash: 'dash' },
} as const;

/** One training: its loss after some numbers of steps. */
export interface Run {
  readonly steps: readonly number[];
  readonly losses: readonly number[];
}

/**
 * A bracket after `stage` cuts: the survivors up to the next cut, the cut trials up to theirs, and the one that would
 * be best in the end, completely.
 * @param cuts the step counts of the cuts and of the end
 */
export function bracketFigure(runs: readonly Run[], bracket: Bracket, cuts: readonly number[], stage: number): Figure {
  const alive = new Set(bracket.alive[stage]);
  // Lines in one trace, with gaps between them.
  const lines = (own: readonly { run: Run; until: number }[]) => {
    const points = own.flatMap(({ run, until }) => [
      ...run.steps.flatMap((step, i) => (step <= until ? [[step, run.losses[i]!]] : [])),
      [Number.NaN, Number.NaN],
    ]);
    return { x: [Number.NaN, ...points.map(([x]) => x!)], y: [Number.NaN, ...points.map(([, y]) => y!)] };
  };
  const untilCut = (trial: number) => cuts[bracket.alive.findIndex((trials) => !trials.includes(trial)) - 1]!;
  const dead = runs.flatMap((run, trial) => (alive.has(trial) ? [] : [{ run, until: untilCut(trial) }]));
  const living = runs.flatMap((run, trial) => (alive.has(trial) ? [{ run, until: cuts[stage]! }] : []));
  const { steps, losses } = runs[bracket.best]!;
  const seen = runs.flatMap((run) => run.losses).filter((loss) => loss > 0 && loss < 10);
  const figure = curves(
    [
      { name: 'cut', ...lines(dead), ...looks.cut },
      { name: 'still training', ...lines(living), ...looks.training },
      { name: 'the later best', x: [...steps], y: [...losses], ...looks.best },
    ],
    {
      xLog: true,
      yLog: true,
      xRange: [1, cuts.at(-1)! * 1.1],
      yRange: [0.8 * Math.min(...seen), Math.min(3, Math.max(...seen))],
      xLabel: 'steps',
      yLabel: 'error',
      lines: cuts.slice(0, -1).map((cut) => ({ name: 'a cut', x: cut })),
    },
  );
  const widths = [1, 1.6, 3];
  const data = figure.data.map((trace, i) =>
    i < 3
      ? { ...trace, line: { ...(trace.line as object), width: widths[i] } }
      : { ...trace, line: { color: '#6B6B6B', width: 1, dash: 'dot' }, showlegend: i === 3 },
  );
  return new Figure({ data, layout: figure.layout, description: figure.description });
}

/**
 * A column for each of several brackets: whether the eventual best is among the survivors of each cut.
 * @param survived the number of cuts that it survived in each
 * @param stage the number of cuts so far
 * @param shown the bracket that is drawn at its left, from 0
 * @param count initial number of trials; each cut leaves a third
 */
export function lastersFigure(survived: readonly number[], stage: number, shown: number, count = 27): Figure {
  const places = survived.flatMap((own, i) =>
    Array.from({ length: stage + 1 }, (_, cut) => ({ x: i + 1, y: cut, isIn: cut <= own })),
  );
  // A series needs a number; hidden ones are drawn as gaps.
  const dots = (isIn: boolean) => {
    const own = places.filter((place) => place.isIn === isIn);
    return own.length > 0
      ? { x: own.map(({ x }) => x), y: own.map(({ y }) => y) }
      : { x: [Number.NaN, 1], y: [Number.NaN, -9] };
  };
  const stages = Math.round(Math.log(count) / Math.log(3));
  const figure = curves(
    [
      { name: 'still in', ...dots(true), mode: 'markers', color: looks.best.color },
      { name: 'cut off', ...dots(false), mode: 'markers', color: looks.cut.color },
    ],
    {
      xRange: [0.4, survived.length + 0.6],
      yRange: [-0.5, stages + 0.5],
      xLabel: 'bracket',
      yLabel: 'left',
    },
  );
  const data = figure.data.map((trace, i) => {
    const symbol = ['circle', 'x-thin-open'][i]!;
    const color = (trace.marker as { color: string }).color;
    return { ...trace, marker: { symbol, size: 10, color, line: { width: 2, color } }, showlegend: true };
  });
  const ticks = Array.from({ length: stages + 1 }, (_, cut) => cut);
  const { xaxis, yaxis } = figure.layout;
  return new Figure({
    data,
    layout: {
      ...figure.layout,
      xaxis: {
        ...(xaxis as object),
        tickvals: survived.map((_, i) => i + 1),
        ticktext: survived.map((_, i) => (i === shown ? `<b>← ${i + 1}</b>` : String(i + 1))),
      },
      yaxis: {
        ...(yaxis as object),
        range: [stages + 0.5, -0.5],
        tickvals: ticks,
        ticktext: ticks.map((cut) => String(count / 3 ** cut)),
      },
    },
    description: figure.description,
  });
}

/**
 * The error at one cut against that at the end, for each trial that has not diverged: how well the cut predicts the
 * end.
 */
export function momentsFigure(losses: readonly (readonly number[])[], at: number): Figure {
  const { best } = bracketOf(losses);
  const end = losses[0]!.length - 1;
  const order = losses.map((_, trial) => trial).sort((a, b) => losses[a]![at]! - losses[b]![at]!);
  const goOn = order.slice(0, Math.floor(order.length / 3));
  const dots = (trials: readonly number[]) => ({
    x: trials.map((trial) => losses[trial]![at]!),
    y: trials.map((trial) => losses[trial]![end]!),
    mode: 'markers' as const,
  });
  const range = (at: number): [number, number] => [0.8 * Math.min(...losses.map((own) => own[at]!)), 2];
  const figure = curves(
    [
      { name: 'are cut', ...dots(order.slice(goOn.length)), color: looks.cut.color },
      { name: 'go on', ...dots(goOn), color: looks.training.color },
      { name: 'the later best', ...dots([best]), color: looks.best.color },
    ],
    {
      xLog: true,
      yLog: true,
      xRange: range(at),
      yRange: range(end),
      xLabel: 'error at the first cut',
      yLabel: 'error at the end',
    },
  );
  const looksOf = [
    { symbol: 'x', size: 8 },
    { symbol: 'circle', size: 9 },
    { symbol: 'circle-open', size: 19, line: { width: 3 } },
  ];
  const data = figure.data.map((trace, i) => ({ ...trace, marker: { ...(trace.marker as object), ...looksOf[i] } }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}
