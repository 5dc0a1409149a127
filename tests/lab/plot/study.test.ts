import { describe, expect, test } from 'vitest';
import { tuner } from '../../../src';
import { PlotError } from '../../../src/errors';
import { studyDisplay } from '../../../src/lab';
import { optimizationHistory, parallelCoordinate, slice, timeline } from '../../../src/lab/plot';
import { named, search } from './examples';

const study = search();
const valued = study.trials.filter(({ state }) => state !== 'failed');

/** A search of one parameter, with these outcomes. */
function outcomes(told: readonly tuner.Outcome[], direction: 'minimize' | 'maximize' = 'minimize') {
  const made = tuner.study(tuner.space({ x: tuner.float(0, 1) }), { trials: told.length, seed: 1, direction });
  for (const outcome of told) made.tell((made.ask() as tuner.Trial).number, outcome);
  return made;
}

describe('optimizationHistory', () => {
  test('has each value, and the best so far as steps; trials without a value are omitted', () => {
    const figure = optimizationHistory(outcomes([4, 5, { failed: 'why' }, 2, Number.POSITIVE_INFINITY, 3, 1]));
    expect(named(figure, 'complete')).toMatchObject({ x: [0, 1, 3, 5, 6], y: [4, 5, 2, 3, 1] });
    expect(named(figure, 'best so far')).toMatchObject({ y: [4, 4, 2, 2, 1], line: { shape: 'hv' } });
    expect(named(optimizationHistory(outcomes([1, 3, 2], 'maximize')), 'best so far')).toMatchObject({ y: [1, 3, 3] });
  });

  test('pruned trials are separate; on a log scale nonpositive values are omitted', () => {
    const figure = optimizationHistory(study, { log: true });
    expect(named(figure, 'pruned').x).toEqual([3, 13, 23, 33]);
    expect(named(optimizationHistory(outcomes([4, 0, -1, 2]), { log: true }), 'complete').y).toEqual([4, 2]);
  });

  test('the best so far equals study.best then: no broken constraint, and among those that trained longest', () => {
    const broken = outcomes([{ value: 1, constraints: [2] }, 5, { value: 2, constraints: [1] }, 4]);
    expect(named(optimizationHistory(broken), 'best so far')).toMatchObject({ x: [1, 2, 3], y: [5, 5, 4] });
    expect(parallelCoordinate(broken).description).toContain('Best: trial 3');
    const rungs = tuner.study(tuner.space({ x: tuner.float(0, 1) }), {
      sampler: tuner.random(),
      pruner: tuner.hyperband({ max: 3 }),
    });
    for (let trial = rungs.ask(); typeof trial === 'object'; trial = rungs.ask())
      rungs.tell(trial.number, trial.number + (trial.resource === 3 ? 10 : 0));
    const { x, y } = named(optimizationHistory(rungs), 'best so far') as unknown as { x: number[]; y: number[] };
    expect(x).toEqual([0, 1, 2, 3, 4, 5]);
    expect(y).toEqual([0, 0, 0, 13, 13, 13]);
    expect(y.at(-1)).toBe(rungs.best!.value);
    expect(parallelCoordinate(rungs).description).toContain('Best: trial 3');
  });

  test('without a value there is nothing to draw', () => {
    for (const draw of [optimizationHistory, parallelCoordinate, slice])
      expect(() => draw(outcomes([{ failed: 'why' }]))).toThrow(PlotError);
    expect(() => optimizationHistory(outcomes([-1]), { log: true })).toThrow(
      /no trial has ended with a value above 0 yet/,
    );
    expect(() => timeline(tuner.study(tuner.space({ x: tuner.float(0, 1) }), { trials: 1 }))).toThrow(
      /no trial has begun yet/,
    );
  });
});

/** The axes of the parameter x and of the value. */
function axesOf(low: number, high: number, values: readonly number[]) {
  const made = tuner.study(tuner.space({ x: tuner.float(low, high, { log: true }) }), {
    sampler: tuner.grid({ points: values.length }),
  });
  for (const value of values) made.tell((made.ask() as tuner.Trial).number, value);
  const [trace] = parallelCoordinate(made, { log: true }).data;
  return (trace as unknown as { dimensions: { ticktext: string[]; range: number[] }[] }).dimensions;
}

describe('logarithmic axes of parallelCoordinate', () => {
  test('have powers of ten, and 2 and 5 times these if there are few, within the data', () => {
    const [width, loss] = axesOf(2, 64, [0.066, 0.3, 0.83]);
    expect(width).toMatchObject({ ticktext: ['2', '5', '10', '20', '50', '100'], range: [0.30103, 2] });
    expect(loss!.ticktext).toEqual(['0.05', '0.1', '0.2', '0.5', '1']);
    const [rate, one] = axesOf(1e-4, 1, [1, 1]);
    expect(rate).toMatchObject({ ticktext: ['0.0001', '0.001', '0.01', '0.1', '1'], range: [-4, 0] });
    expect(one!.ticktext).toEqual(['1', '2']);
    const [many] = axesOf(1e-12, 1e-3, [1, 2, 3]);
    expect(many).toMatchObject({ ticktext: ['1e-12', '1e-10', '1e-8', '1e-6', '0.0001'], range: [-12, -3] });
  });
});

describe('parallelCoordinate', () => {
  const [trace] = parallelCoordinate(study, { target: 'loss', log: true }).data;
  const { dimensions, line, meta } = trace as unknown as {
    dimensions: { label: string; values: number[]; tickvals?: number[]; ticktext?: string[]; range?: number[] }[];
    line: { color: number[] };
    meta: { rows: string[] };
  };
  const ordered = [...valued].sort((a, b) => b.value! - a.value!);

  test('has an axis for each parameter and the value, a line for each trial, the best last, and hover text', () => {
    expect(dimensions.map(({ label }) => label)).toEqual(['rate', 'optimizer', 'momentum', 'width', 'loss']);
    const [rate, optimizer, , width, loss] = dimensions;
    ordered.forEach(({ params, value }, i) => {
      expect(rate!.values[i]).toBeCloseTo(Math.log10(params.rate), 4);
      expect(optimizer!.ticktext![optimizer!.values[i]!]).toBe(params.optimizer);
      expect(width!.values[i]).toBe(params.width);
      expect(loss!.values[i]).toBeCloseTo(Math.log10(value!), 4);
    });
    expect(line.color).toEqual(loss!.values);
    expect(meta.rows.length).toBe(39);
    expect(meta.rows.at(-1)).toMatch(new RegExp(`^trial ${study.best!.number}<br>rate `));
  });

  test('powers of ten are labelled; a parameter that a trial lacks is at “none”, below all others', () => {
    const [rate, , momentum] = dimensions;
    expect(rate).toMatchObject({ tickvals: [-4, -3, -2, -1, 0], ticktext: ['0.0001', '0.001', '0.01', '0.1', '1'] });
    expect(momentum!.ticktext![0]).toBe('none');
    const none = momentum!.tickvals![0]!;
    ordered.forEach(({ params }, i) => {
      if (params.momentum === undefined) expect(momentum!.values[i]).toBeCloseTo(none, 4);
      else expect(momentum!.values[i]).toBeCloseTo(params.momentum, 4);
    });
    expect(none).toBeLessThan(Math.min(...ordered.flatMap(({ params }) => params.momentum ?? [])));
  });
});

test('slice has a panel for each parameter, with the trials that have it', () => {
  const figure = slice(study, { target: 'loss' });
  const points = (axis: string) =>
    figure.data.filter(({ xaxis }) => xaxis === axis).reduce((sum, { x }) => sum + (x as number[]).length, 0);
  const having = valued.filter(({ params }) => params.momentum !== undefined).length;
  expect(['x', 'x2', 'x3', 'x4'].map(points)).toEqual([39, 39, having, 39]);
  expect(figure.layout.xaxis).toMatchObject({ type: 'log' });
  expect(figure.layout.xaxis2).toMatchObject({ ticktext: ['sgd', 'adam'] });
});

test('timeline has a row for each worker and a bar for each run, from its beginning on', () => {
  const figure = timeline(study);
  expect(figure.layout.yaxis).toMatchObject({ ticktext: ['machine:0', 'machine:1'] });
  expect(named(figure, 'pruned')).toMatchObject({
    base: [1.5, 6.5, 11.5, 16.5],
    x: [0.9, 0.9, 0.9, 0.9],
    y: [1, 1, 1, 1],
  });
  expect(named(figure, 'failed')).toMatchObject({ base: [3.5], text: ['7'] });
  expect((named(figure, 'complete').x as number[]).length).toBe(35);
  expect(figure.description).toMatch(/2 workers, 40 runs of trials in 20\.4 seconds: 35 complete, 4 pruned, 1 failed/);
});

test('a display shows the progress of the search, and is updated by the run', async () => {
  const small = tuner.study(tuner.space({ x: tuner.float(0, 1) }), { trials: 3, seed: 1 });
  const display = studyDisplay(small);
  let updates = 0;
  const counted = { update: () => void updates++, end: () => display.end() };
  await small.run(({ x }) => x, { display: counted });
  expect(updates).toBeGreaterThanOrEqual(3);
  await small.run(({ x }) => x, { display: true });
});

test.each([
  [{ figures: 'slice' }, "studyDisplay: figures must be a list, got 'slice'"],
  [{ figures: ['slices'] }, "studyDisplay: figure is 'slices'; use 'history', 'parallel', 'timeline' or 'slice'"],
  [{ log: 1 }, 'studyDisplay: log must be true or false, got 1'],
  [{ target: 3 }, 'studyDisplay: target must be a text, got 3'],
  [{ logs: true }, 'studyDisplay: there is no option logs; did you mean log?'],
])('a display rejects %j', (options, message) => {
  expect(() => studyDisplay(study, options as object)).toThrow(message);
});
