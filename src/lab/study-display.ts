import { formatNumber, isNotebook, LiveOutput, type MimeBundle, RichOutput, type StudyView as Shown } from '../display';
import { PlotError } from '../errors';
import { requireOneOf } from '../ops/table/arguments';
import { checkOptionsOf } from '../options';
import { type Figure, optimizationHistory, parallelCoordinate, type StudyFigureOptions, slice, timeline } from './plot';
import type { AnyStudy } from './plot/study';

/** Options of {@link studyDisplay}. */
export interface StudyDisplayOptions extends StudyFigureOptions {
  /** The figures, in order. Default: all four. */
  figures?: readonly ('history' | 'parallel' | 'timeline' | 'slice')[];
}

const allFigures = ['history', 'parallel', 'timeline', 'slice'] as const;

/** The allowed values of each option. */
const optionKinds: Readonly<Record<keyof StudyDisplayOptions, string>> = {
  figures: 'list',
  target: 'text',
  log: 'boolean',
  title: 'text',
  height: 'number',
};

/** One figure of a running search; before there is data, its progress. */
class LiveFigure extends RichOutput {
  constructor(
    private readonly study: AnyStudy,
    private readonly draw: () => Figure,
  ) {
    super();
  }

  mimeBundle(): MimeBundle {
    const text = { 'text/plain': lineOf(this.study) };
    try {
      return { ...this.draw().mimeBundle(), ...text };
    } catch (error) {
      if (error instanceof PlotError) return text;
      throw error;
    }
  }
}

/** `7 trials ended, 2 running · best 0.1234, trial 3: rate 0.01` */
function lineOf(study: AnyStudy): string {
  const of = (...states: string[]) => study.trials.filter(({ state }) => states.includes(state)).length;
  const { best } = study;
  const params = Object.entries((best?.params ?? {}) as object).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? formatNumber(value) : value}`,
  );
  const failed = of('failed');
  return [
    `${of('complete', 'pruned', 'failed')} trials ended${failed > 0 ? `, ${failed} of them failed` : ''}, ${of('running')} running`,
    ...(best === undefined ? [] : [`best ${formatNumber(best.value!)}, trial ${best.number}: ${params.join(', ')}`]),
  ].join(' · ');
}

/** The figures of a running search; made by {@link studyDisplay}. */
export class StudyDisplay implements Shown {
  private readonly outputs: readonly LiveOutput[];

  /** @internal */
  constructor(study: AnyStudy, options: StudyDisplayOptions) {
    checkOptionsOf('studyDisplay', options, optionKinds);
    const { figures = allFigures, ...rest } = options;
    for (const figure of figures) requireOneOf('studyDisplay', { figure }, allFigures);
    const draw = {
      history: () => optimizationHistory(study, rest),
      parallel: () => parallelCoordinate(study, rest),
      timeline: () => timeline(study),
      slice: () => slice(study, rest),
    };
    // In a terminal they are one line, whatever the figures.
    const shown = isNotebook() ? figures : figures.slice(0, 1);
    this.outputs = shown.map((name) => {
      const figure = new LiveFigure(study, draw[name]);
      return new LiveOutput(() => figure, { volatile: true });
    });
  }

  /** Draws updates, at most ten times a second. */
  update(): void {
    for (const output of this.outputs) output.changed();
  }

  /** Draws the last state. */
  end(): void {
    for (const output of this.outputs) output.end();
  }
}

/**
 * Figures of a search that grow while it runs: values and the best so far, parallel coordinates, a timeline of the
 * workers, and the value against each parameter; in a terminal one line.
 * `study.run(objective, { display: studyDisplay(study, { log: true, target: 'loss' }) })`, or `{ display: true }`.
 * @example
 * const study = tuner.study(tuner.space({ rate: tuner.float(1e-3, 1, { log: true }) }), { trials: 8, seed: 2 });
 * await study.run(({ rate }) => Math.log10(rate) ** 2, { display: studyDisplay(study, { target: 'loss', figures: ['history', 'slice'] }) });
 * @throws {ValueError} for an unknown option or one of another kind, and for an unknown figure.
 */
export function studyDisplay(study: AnyStudy, options: StudyDisplayOptions = {}): StudyDisplay {
  return new StudyDisplay(study, options);
}
