import { PlotError } from '../../../errors';
import { formatShape } from '../../../tensor/shape';
import { arrowPaths } from '../../plot/arrows';
import { words } from '../../plot/boxes';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { mark, rectangles, type Stroke } from '../../plot/marks';
import { baseLayout, ink, neutral, palette, wrap } from '../../plot/theme';

/** A tensor in a network, and the step that makes it. */
export interface ShapeStep {
  /** Its name, written above it. */
  name: string;
  /**
   * Its sizes. A single number: the input's sizes except the last axis, as in a linear layer; or a function of the
   * input's sizes. Default: the same.
   */
  gives?: number | readonly number[] | ((shape: readonly number[]) => readonly number[]);
  /** The required size of its input's last axis, or of the last axes; `null`: any size. Default: no requirement. */
  takes?: number | readonly (number | null)[];
  /** The name of its input step. Default: the previous one. */
  from?: string;
}

/** Options of {@link shapes}. */
export interface ShapesOptions {
  /** The number of steps done; the others are not known yet. Default: all. */
  done?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 130. */
  height?: number;
}

/**
 * The shapes of tensors in a network, a box for each step. If a step requires another shape than its input has, it
 * shows a cross, and the steps after it have no shape.
 *
 * @example
 * shapes([
 *   { name: 'x', gives: [3, 10, 20] },
 *   { name: 'flat', gives: (s) => [s.reduce((a, b) => a * b)] },
 *   { name: 'm0(flat)', takes: 600, gives: 60 },
 *   { name: 'm0(x)', from: 'x', takes: 600, gives: 60 },
 * ]);
 * @throws {PlotError} if there are no steps, two have one name, one reads a step that is not before it, sizes are not
 * whole numbers, or `done` is not a number of steps.
 */
export function shapes(steps: readonly ShapeStep[], options: ShapesOptions = {}): Figure {
  const { done = steps.length, title, width, height = 130 } = options;
  if (!steps.length) throw new PlotError('shapes: expected at least one step, got none');
  if (!(Number.isInteger(done) && done >= 0 && done <= steps.length)) {
    throw new PlotError(`shapes: done must be a whole number from 0 to ${steps.length}, the steps, got ${done}`);
  }
  const run = runOf(steps);
  const states = run.map((one, i) => (i >= done ? ('unknown' as const) : one.state));
  const columns = (state: State) => run.flatMap((_, i) => (states[i] === state ? [i] : []));
  const letters = Math.floor((2 * half * ((width ?? 700) - 40)) / steps.length / 6.4);
  const below = (i: number, text: string) => ({ text: wrap(text, letters + 4).join('<br>'), x: i, y: -0.58 });
  const data: PlotlyTrace[] = [
    boxes('sizes', columns('fits'), { color: ink, width: 1 }, '#C3DAED'),
    boxes('does not fit', columns('misfit'), { color: palette[0]!, width: 2 }, '#F6D9C6'),
    boxes('not reached', columns('unknown'), { color: neutral, width: 1, dash: 'dot' }, 'rgba(0, 0, 0, 0)'),
    ways('fits', run, columns('fits'), { color: neutral, width: 1.5 }),
    ways('does not fit', run, columns('misfit'), { color: palette[0]!, width: 2.5, dash: 'dash' }),
    {
      ...words(
        'shapes',
        run.map(({ shape }, i) => ({
          text: states[i] === 'fits' ? wrap(`[${shape!.join(', ')}]`, letters).join('<br>') : '',
          x: i,
          y: 0,
        })),
        12,
        'middle center',
      ),
      textfont: { size: 12, color: ink },
    },
    {
      ...words(
        'crosses',
        columns('misfit').map((i) => ({ text: '<b>✗</b>', x: i, y: 0 })),
        18,
        'middle center',
      ),
      textfont: { size: 18, color: '#A33C00' },
    },
    words(
      'names',
      run.map(({ name }, i) => ({ text: `<b>${name}</b>`, x: i, y: 0.55 })),
      13,
      'top center',
    ),
    words(
      'takes',
      run.flatMap(({ takes }, i) => (takes && states[i] !== 'misfit' ? [below(i, `takes ${inWords(takes)}`)] : [])),
      12,
      'bottom center',
    ),
    {
      ...words(
        'misfits',
        columns('misfit').map((i) => below(i, misfitOf(run[i]!))),
        12,
        'bottom center',
      ),
      textfont: { size: 12, color: palette[0] },
    },
  ];
  const base = baseLayout({ title, legend: [], width, plotHeight: height, axes: false });
  /** On a narrow page the sizes become smaller, so that they stay in their boxes. */
  const smaller = data.flatMap(({ name }, i) => (name === 'shapes' ? [[i, 'textfont.size', 8]] : []));
  const layout = {
    ...base,
    meta: { ...(base.meta as PlotlyLayout), narrow: { below: steps.length * 75, traces: smaller } },
    xaxis: { visible: false, range: [-0.55, steps.length - 0.45] },
    yaxis: { visible: false, range: [-1.35, run.some(isFar) ? 1.75 : 1.1] },
  };
  const said = run.map(({ name, shape, state, ...rest }, i) => {
    if (i >= done) return `${name} not run`;
    if (state === 'misfit') return `${name} ${misfitOf(rest)}`;
    return shape ? `${name} ${formatShape(shape)}` : `${name} not reached`;
  });
  return new Figure({ data, layout, description: `Sizes${title ? `: ${title}` : ''}. ${said.join('; ')}.` });
}

type State = 'fits' | 'misfit' | 'unknown';

/** A step with its input and result. */
interface Run {
  name: string;
  takes: readonly (number | null)[] | undefined;
  state: State;
  /** The column of its input; -1 for none. */
  source: number;
  /** The shapes of its input and output, if known. */
  given: readonly number[] | undefined;
  shape: readonly number[] | undefined;
}

function runOf(steps: readonly ShapeStep[]): Run[] {
  const all: Run[] = [];
  for (const [i, { name, gives, from, ...step }] of steps.entries()) {
    const takes = typeof step.takes === 'number' ? [step.takes] : step.takes;
    if (all.some((one) => one.name === name)) throw new PlotError(`shapes: two steps are named “${name}”`);
    const source = from === undefined ? i - 1 : all.findIndex((one) => one.name === from);
    if (from !== undefined && source < 0) {
      throw new PlotError(`shapes: “${name}” reads “${from}”, which is not a step before it`);
    }
    if (source < 0 && (takes || !Array.isArray(gives))) {
      throw new PlotError(`shapes: “${name}” has no input, so it needs its sizes as a list and cannot demand any`);
    }
    if (takes) checkShape(name, 'takes', takes);
    const given = all[source]?.shape;
    const reached = source < 0 || given !== undefined;
    const state = !reached ? 'unknown' : fits(given, takes) ? 'fits' : 'misfit';
    const shape = state === 'fits' ? shapeOf(gives, given) : undefined;
    if (shape) checkShape(name, 'gives', shape);
    all.push({ name, takes, state, source, given, shape });
  }
  return all;
}

function shapeOf(gives: ShapeStep['gives'], given: readonly number[] = []): readonly number[] {
  if (typeof gives === 'number') return [...given.slice(0, -1), gives];
  if (typeof gives === 'function') return gives(given);
  return gives ?? given;
}

function checkShape(name: string, what: string, shape: readonly (number | null)[]): void {
  if (shape.every((size) => size === null || (Number.isInteger(size) && size >= 0))) return;
  throw new PlotError(`shapes: “${name}” ${what} [${shape.join(', ')}]; sizes are whole numbers from 0 on`);
}

/** Whether the last axes have the required sizes. */
function fits(given: readonly number[] | undefined, takes: Run['takes']): boolean {
  if (!given || !takes) return true;
  const last = given.slice(given.length - takes.length);
  return given.length >= takes.length && takes.every((size, k) => size === null || size === last[k]);
}

const inWords = (takes: readonly (number | null)[]) => takes.map((size) => size ?? 'any').join(' × ');

function misfitOf({ takes = [], given = [] }: Pick<Run, 'takes' | 'given'>): string {
  const last = given.slice(Math.max(0, given.length - takes.length));
  return `takes ${inWords(takes)}, is given ${last.length ? last.join(' × ') : 'a single number'}`;
}

/** Half of a box's width and height, in columns and in the drawing's unit. */
const half = 0.4;
const halfHeight = 0.5;

function boxes(name: string, columns: readonly number[], line: Record<string, unknown>, fillcolor: string) {
  const sides = columns.map((i) => ({ left: i - half, right: i + half, bottom: halfHeight, top: -halfHeight }));
  return mark({
    name,
    ...rectangles(sides),
    line,
    fill: 'toself',
    fillcolor,
  }) satisfies PlotlyTrace;
}

/** Whether a step's input is not the adjacent one, so that its line passes over boxes. */
const isFar = ({ source }: Run, i: number) => source >= 0 && source < i - 1;

/** Lines from an input to a step: straight, or around the steps between. */
function ways(name: string, run: readonly Run[], columns: readonly number[], line: Stroke) {
  const list = columns.flatMap((i) => {
    const { source } = run[i]!;
    if (source < 0) return [];
    if (!isFar(run[i]!, i)) return [{ x: [source + half, i - half], y: [0, 0] }];
    return [{ x: [source + 0.1, source + 0.1, i - 0.1, i - 0.1], y: [1.1, 1.5, 1.5, 1.1] }];
  });
  return arrowPaths(`way, ${name}`, list, line);
}
