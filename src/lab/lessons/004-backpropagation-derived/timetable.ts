import { formatNumber } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure } from '../../plot/figure';
import { barMark, mark, orNowhere } from '../../plot/marks';
import { axis, baseLayout, ink, neutral, palette } from '../../plot/theme';

/** A task for one worker. */
export interface Task {
  name: string;
  /** The names of the tasks that must have ended before it starts. Default: none. */
  after?: readonly string[];
  /** Its duration. Default: 1. */
  time?: number;
}

/** Options of {@link timetable}. */
export interface TimetableOptions {
  /** The number of workers. Default: as many as can be used. */
  workers?: number;
  /** The line above the figure. Default: the total time, and the length of the longest chain. */
  title?: string;
  /** The name of the horizontal axis. Default: “time”. */
  xLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of each worker's row in pixels. Default: 44. */
  rowHeight?: number;
}

/**
 * A timetable: a row for each worker, a bar for each task, a line if a task waits for one of another worker or an
 * earlier one. Each free worker takes the task with the longest dependent chain. The longest chain of all is orange:
 * more workers cannot shorten it.
 *
 * @example
 * const tasks = [{ name: '∇W²' }, { name: 'P¹' }, { name: '∇W¹', after: ['P¹'] }];
 * plot.slider([1, 2], (workers) => timetable(tasks, { workers: workers }), { label: 'workers' })
 * @throws {PlotError} if there are no tasks, two have one name, a task waits for one that is not there or, in the end, for
 *   itself, a time is not above 0, or `workers` is not a whole number above 0.
 */
export function timetable(tasks: readonly Task[], options: TimetableOptions = {}): Figure {
  const { workers = tasks.length, xLabel = 'time', width, rowHeight = 44 } = options;
  const chains = chainsOf(tasks);
  if (!Number.isInteger(workers) || workers < 1) {
    throw new PlotError(`timetable: workers must be a whole number above 0, got ${workers}`);
  }
  const placed = schedule(tasks, chains, workers);
  const end = Math.max(...placed.map((one) => one.end));
  const longest = Math.max(...chains.values());
  const critical = criticalChain(tasks, chains);
  const rows = options.workers ?? Math.max(...placed.map(({ worker }) => worker)) + 1;
  const isCritical = placed.map(({ name }) => critical.has(name));
  const byName = new Map(placed.map((one) => [one.name, one]));
  const waits = placed
    .flatMap((to) => (to.after ?? []).map((name) => ({ from: byName.get(name)!, to })))
    .filter(({ from, to }) => from.worker !== to.worker || from.end < to.start);
  const title = options.title ?? `Done after ${formatNumber(end)}; the longest chain takes ${formatNumber(longest)}`;
  const data = [
    barMark({
      orientation: 'h',
      name: 'tasks',
      base: placed.map(({ start }) => start),
      x: placed.map(({ start, end }) => end - start),
      y: placed.map(({ worker }) => worker + 1),
      width: placed.map(() => 0.62),
      text: placed.map(({ name }, i) => (isCritical[i] ? `<b>${name}</b>` : name)),
      textposition: 'inside',
      insidetextanchor: 'middle',
      textangle: 0,
      textfont: { size: 14, color: isCritical.map((one) => (one ? '#FFFFFF' : ink)) },
      marker: {
        color: isCritical.map((one) => (one ? palette[0]! : other)),
        line: { color: neutral, width: 1 },
      },
      hovertext: placed.map(({ name, start, end }) => `${name}: from ${formatNumber(start)} to ${formatNumber(end)}`),
    }),
    mark({
      name: 'waits for',
      x: orNowhere(waits.flatMap(({ from, to }) => [from.end - gap * end, to.start + gap * end, null])),
      y: orNowhere(waits.flatMap(({ from, to }) => [from.worker + 1, to.worker + 1, null])),
      line: { color: neutral, width: 1.5 },
      marker: { color: neutral, size: waits.flatMap(() => [0, 7, 0]), symbol: 'circle', opacity: 1 },
    }),
  ];
  const layout = {
    ...baseLayout({ title, legend: [], width, plotHeight: rowHeight * rows, axes: true }),
    xaxis: { ...axis(xLabel), range: [0, end], dtick: Math.max(1, Math.ceil(end / 12)) },
    yaxis: {
      ...axis('worker'),
      showgrid: false,
      range: [0.5, rows + 0.5],
      dtick: 1,
    },
  };
  const words = Array.from({ length: rows }, (_, row) => {
    const own = placed.filter(({ worker }) => worker === row);
    return `worker ${row + 1}: ${own.map(({ name, start }) => `${name} at ${formatNumber(start)}`).join(', ') || 'nothing'}`;
  });
  const description = `Timetable: ${title}. ${words.join('; ')}. Longest chain: ${[...critical].join(', ')}.`;
  return new Figure({ data, layout, description });
}

/** Shares of the width between a bar's end and the line that starts or ends there. */
const gap = 0.012;
/** Bars that are not on the longest chain. */
const other = '#A9CDE6';

interface Placed extends Task {
  worker: number;
  start: number;
  end: number;
}

/** The length of the longest chain that begins with each task. */
function chainsOf(tasks: readonly Task[]): Map<string, number> {
  if (!tasks.length) throw new PlotError('timetable: expected at least one task, got none');
  const byName = new Map<string, Task>();
  for (const task of tasks) {
    const { name, after = [], time = 1 } = task;
    if (byName.has(name)) throw new PlotError(`timetable: two tasks are named “${name}”`);
    if (!(time > 0 && Number.isFinite(time))) {
      throw new PlotError(`timetable: “${name}” takes ${time}; times must be finite and above 0`);
    }
    const missing = after.find((one) => !tasks.some((task) => task.name === one));
    if (missing !== undefined) throw new PlotError(`timetable: “${name}” waits for “${missing}”, which is not a task`);
    byName.set(name, task);
  }
  const chains = new Map<string, number>();
  const chainOf = (task: Task, before: readonly string[]): number => {
    const way = [...before, task.name];
    if (before.includes(task.name)) {
      throw new PlotError(`timetable: ${way.reverse().join(' waits for ')}: none of them can ever start`);
    }
    const known = chains.get(task.name);
    if (known !== undefined) return known;
    const next = tasks.filter(({ after }) => after?.includes(task.name));
    const length = (task.time ?? 1) + Math.max(0, ...next.map((one) => chainOf(one, way)));
    chains.set(task.name, length);
    return length;
  };
  for (const task of tasks) chainOf(task, []);
  return chains;
}

/** Free workers take, of the ready tasks, the one with the longest dependent chain. */
function schedule(tasks: readonly Task[], chains: ReadonlyMap<string, number>, workers: number): Placed[] {
  const done: Placed[] = [];
  const free = Array.from({ length: Math.min(workers, tasks.length) }, () => 0);
  const waiting = new Set(tasks);
  const readyAt = ({ after = [] }: Task) => {
    const ends = after.map((name) => done.find((one) => one.name === name)?.end ?? Number.POSITIVE_INFINITY);
    return Math.max(0, ...ends);
  };
  while (waiting.size) {
    const earliest = Math.min(...free);
    const now = Math.max(earliest, Math.min(...[...waiting].map(readyAt)));
    const ready = [...waiting].filter((task) => readyAt(task) <= now);
    const task = ready.reduce((best, one) => (chains.get(one.name)! > chains.get(best.name)! ? one : best));
    const worker = free.findIndex((since) => since <= now);
    const end = now + (task.time ?? 1);
    free[worker] = end;
    done.push({ ...task, worker, start: now, end });
    waiting.delete(task);
  }
  return done;
}

/** The names on the longest chain, in order. */
function criticalChain(tasks: readonly Task[], chains: ReadonlyMap<string, number>): Set<string> {
  const longest = (list: readonly Task[]) =>
    list.reduce<Task | undefined>(
      (best, one) => (!best || chains.get(one.name)! > chains.get(best.name)! ? one : best),
      undefined,
    );
  const chain = new Set<string>();
  let here = longest(tasks.filter(({ after = [] }) => !after.length));
  while (here) {
    const { name } = here;
    chain.add(name);
    here = longest(tasks.filter(({ after }) => after?.includes(name)));
  }
  return chain;
}
