import { describe } from '../../describe';
import { show } from '../../display';
import { ValueError } from '../../errors';
import { Figure, type PlotlyFrame, type PlotlyLayout, type PlotlyTrace } from '../plot';
import { wrap } from '../plot/theme';
import { colouredTitle } from '../plot/title';
import { checkChoice, findPrediction, type Prediction, PredictionCard } from './predict';

/** Options of {@link ask}. */
export interface AskOptions {
  /**
   * The deciding value of the figure's slider, or the deciding state of a live figure, such as
   * `{ rate: 0.09, step: 5 }`: a choice plays the figure to it, and stops. Default: the value shown.
   */
  deciding?: unknown;
  /** The value or state from which a choice plays. Default: the one shown. */
  from?: unknown;
  /**
   * Names of traces that are hidden before a choice; `"rest"`, alone or among them: all values of the slider except the
   * initial one. Default: none.
   */
  hides?: string | readonly string[];
  /** Opens an answer, for readers in a terminal. Default: none. */
  choice?: 'a' | 'b' | 'c';
}

/** The data of a figure that waits for a choice, in its `layout.meta.lesson`, for gradlab's renderer. */
interface FigureOfLesson {
  id: string;
  /** Indices of values of the slider, or states of a live figure. */
  from?: number | object;
  deciding?: number | object;
  /** Indices of the covered traces. */
  hides: number[];
  /** Whether the slider is hidden until the choice as well. */
  waits: boolean;
  /** The title after the choice, of a figure without a slider. */
  title?: unknown;
}

/**
 * Asks for a prediction before a figure: shows the figure with its result covered and the question below it. A choice
 * plays the figure to the deciding value, uncovers it, and replaces its title by the finding. Question, answers and the
 * title before the choice are in a file beside the notebook, see {@link predict}; titles of the figure are findings,
 * one for each value.
 *
 * ```ts
 * ask("downhill", plot.slider(places, draw, { label: "place on the ring", start: 2 }), { from: 0, deciding: 45, hides: "steepest" });
 * ```
 *
 * In titles `*a name*` has the colour of the trace of that name. Without gradlab's renderer the figure stays covered until its
 * slider is moved, and answers fold open below it. Without a figure it is {@link predict}.
 *
 * @throws {ValueError} if the files beside the notebook do not have the question, or it has no `"before"`; if `deciding` or `from` is
 *   no value of the figure's slider, or `hides` names no trace; if the title before the choice has the right answer in it
 */
export function ask(id: string, figure?: Figure, options: AskOptions = {}): void {
  const { choice } = options;
  checkChoice('ask', choice);
  const prediction = findPrediction(id, undefined, 'ask');
  const card = new PredictionCard(id, prediction, choice, 'ask');
  if (figure !== undefined) show(covered(id, prediction, figure, options));
  show(card);
}

/** The figure before a choice: hidden parts are not drawn, and its title is that of the question. */
export function covered(id: string, prediction: Prediction, figure: Figure, options: AskOptions = {}): Figure {
  if (!(figure instanceof Figure))
    throw new ValueError(`ask: "${id}" needs a figure such as plot.slider returns, got ${describe(figure)}`);
  const { before } = prediction;
  if (before === undefined)
    throw new ValueError(`ask: "${id}" needs a "before" beside the notebook, the title of its figure until a choice`);
  const leaking = prediction.answers.find(({ text, right }) => right && hasWords(before, text));
  if (leaking)
    throw new ValueError(
      `ask: the "before" of "${id}" has the right answer in it, “${leaking.text}”; say it in other words`,
    );
  const { data, layout, frames, plays, settings } = figure;
  const hidden = typeof options.hides === 'string' ? [options.hides] : (options.hides ?? []);
  const waits = hidden.includes('rest');
  const hides = hiddenTraces(
    id,
    figure,
    hidden.filter((name) => name !== 'rest'),
  );
  const own = plays && {
    from: plays.stateOf(options.from ?? plays.from, 'from'),
    deciding: plays.stateOf(options.deciding, 'deciding'),
  };
  const lesson: FigureOfLesson = {
    id,
    ...own,
    ...(frames.length > 0 && {
      from: placeOf(id, figure, 'from', options.from),
      deciding: placeOf(id, figure, 'deciding', options.deciding),
    }),
    hides,
    waits,
    ...(frames.length === 0 && {
      title: own
        ? { ...(layout.title as PlotlyLayout), text: plays!.titleAt(own.deciding) }
        : colouredTitle(data, layout.title),
    }),
  };
  if (frames.length === 0 && !own && (options.deciding !== undefined || options.from !== undefined))
    throw new ValueError(`ask: "${id}" has a figure without a slider, in which no value decides`);
  const shapes = covers(data, hides);
  const named = hides.flatMap((k) => data[k]!.name ?? []).filter((name) => hidden.includes(name));
  const notYet =
    hides.length > 0
      ? `What is not drawn yet: ${named.join(', ')}. It is`
      : `${waits ? 'What becomes of it' : 'The finding'} is`;
  return new Figure({
    data: data.map((trace, k) => (hides.includes(k) ? { ...trace, visible: false } : trace)),
    layout: {
      ...layout,
      ...(shapes.length > 0 && { shapes }),
      title: { ...(layout.title as PlotlyLayout), text: wrap(before, 64).join('<br>') },
      meta: { ...(layout.meta as PlotlyLayout), lesson },
    },
    frames: frames.map(
      (frame): PlotlyFrame => ({
        ...frame,
        // Without our renderer, which holds back a frame, the slider uncovers the figure.
        data: frame.data.map((trace, i) => (hides.includes(frame.traces[i]!) ? { ...trace, visible: true } : trace)),
        layout: {
          ...frame.layout,
          ...(shapes.length > 0 && { shapes: [] }),
          title: frame.layout?.title ?? layout.title,
        },
      }),
    ),
    values: figure.values,
    plays,
    settings: settings && {
      ...settings,
      figures: new Map(
        [...settings.figures].map(([name, one]) => [
          name,
          name === settings.open ? one : covered(id, prediction, one, options),
        ]),
      ),
    },
    description: `${before} ${notYet} shown after a choice.`,
  });
}

/** Whether a text contains others, as whole words, in any spelling. */
function hasWords(text: string, words: string): boolean {
  const plain = (from: string) =>
    ` ${
      from
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)
        ?.join(' ') ?? ''
    } `;
  return plain(text).includes(plain(words));
}

/** The index of a value of the slider, by the value itself or its text. */
function placeOf(id: string, { values, frames, layout }: Figure, option: 'from' | 'deciding', value: unknown): number {
  if (value === undefined) return (layout.sliders as { active: number }[])[0]!.active;
  const i = values?.findIndex((one) => Object.is(one, value)) ?? -1;
  const found = i >= 0 ? i : frames.findIndex(({ name }) => name === value);
  if (found >= 0) return found;
  throw new ValueError(
    `ask: ${option}: ${value} is not a value of the slider of "${id}", which has ${frames.map(({ name }) => name).join(', ')}`,
  );
}

function hiddenTraces(id: string, { data }: Figure, names: readonly string[]): number[] {
  return names.flatMap((name) => {
    // A line includes its related traces, such as its band “loss, range”.
    const belongs = ({ name: other, showlegend }: PlotlyTrace) =>
      other === name || (showlegend === false && other?.startsWith(`${name}, `));
    const found = data.flatMap((trace, k) => (belongs(trace) ? [k] : []));
    if (found.length > 0) return found;
    const known = [...new Set(data.flatMap((trace) => trace.name ?? []))];
    throw new ValueError(
      `ask: the figure of "${id}" has no trace “${name}” to hide; its traces are ${known.join(', ') || 'without names'}`,
    );
  });
}

/** Adds a question mark to each panel without visible traces. */
function covers(data: readonly PlotlyTrace[], hides: readonly number[]) {
  const panelOf = ({ xaxis = 'x', yaxis = 'y' }: PlotlyTrace) => `${xaxis} ${yaxis}`;
  const seen = new Set(data.filter((_, k) => !hides.includes(k)).map(panelOf));
  return [...new Set(hides.map((k) => panelOf(data[k]!)))]
    .filter((panel) => !seen.has(panel))
    .map((panel) => {
      const [xref, yref] = panel.split(' ').map((axis) => `${axis} domain`);
      const label = { text: '?', font: { size: 28, color: '#8A8A8A' } };
      return { type: 'rect', xref, yref, x0: 0, x1: 1, y0: 0, y1: 1, line: { width: 0 }, label };
    });
}
