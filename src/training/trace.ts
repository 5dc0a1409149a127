import { type MimeBundle, RichOutput, views } from '../display';
import { html } from '../display/rich';
import { ValueError } from '../errors';
import type { TrainingData } from './batches';
import { type Callback, hookNames } from './callbacks/callback';
import { type FitOptions, planOf } from './fit';
import { Training } from './loop';
import { atOnce } from './measuring';
import type { Metrics } from './metrics/tally';
import type { Net } from './net';
import { TextTable } from './table';

/** A call by a training: a hook of a callback, or a function of the loop. */
export interface TracedCall {
  /** The epoch, from 0; `null` before the first and after the last. */
  readonly epoch: number | null;
  /** The batch, from 0; `null` outside of batches. */
  readonly batch: number | null;
  /** The called function, such as `onEpochEnd` or `optimizer.step()`. */
  readonly call: string;
  /** The callback with the hook; empty for the loop's own calls. */
  readonly callback: string;
}

/** A sequence of calls, and how often it repeats. */
interface Group {
  readonly title: string;
  readonly times: number;
  readonly items: readonly (Group | TracedCall)[];
}

const isGroup = (item: Group | TracedCall): item is Group => 'items' in item;

/** The calls of one `fit`, in order; shows as a table that lists repeated parts once. */
export class Trace extends RichOutput {
  constructor(
    /** All calls, one by one. */
    readonly calls: readonly TracedCall[],
  ) {
    super();
  }

  /** The calls, with equal batches and equal epochs combined. */
  private get folded(): Group {
    const epochs = inGroups(this.calls, ({ epoch }) => epoch, 'epoch').map((item) =>
      isGroup(item)
        ? { ...item, items: merged(inGroups(item.items as TracedCall[], ({ batch }) => batch, 'batch')) }
        : item,
    );
    return { title: 'fit', times: 1, items: merged(epochs) };
  }

  /** Returns a table with a row for each call: count, position, callback. */
  table(): TextTable {
    const rows: string[][] = [];
    const visit = ({ items }: Group, inside: readonly string[]) => {
      for (const item of items)
        if (isGroup(item)) visit(item, [...inside, item.times === 1 ? item.title : `${item.title} × ${item.times}`]);
        else rows.push([String(rows.length + 1), inside.join(', '), item.call, item.callback]);
    };
    visit(this.folded, []);
    return new TextTable(['', 'within', 'call', 'of the callback'], rows);
  }

  /** Returns the same in the language of Graphviz; repeated parts are in a box. */
  dot(): string {
    const lines = [
      'digraph { rankdir=TB; node [shape=box, style=rounded, fontname="sans-serif", fontsize=11]; edge [arrowsize=0.6];',
    ];
    let [count, boxes] = [0, 0];
    const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    const visit = ({ items }: Group) => {
      for (const item of items) {
        if (isGroup(item)) {
          const title = item.times === 1 ? item.title : `${item.title} × ${item.times}`;
          lines.push(
            `subgraph cluster_${boxes++} { label=${quoted(title)}; fontname="sans-serif"; style=dashed; color="#888888";`,
          );
          visit(item);
          lines.push('}');
          continue;
        }
        const label = item.callback ? `${item.call}\n${item.callback}` : item.call;
        lines.push(
          `c${count} [label=${quoted(label).replaceAll('\n', '\\n')}${item.callback ? ', color="#1565C0"' : ''}];`,
        );
        count++;
      }
    };
    visit(this.folded);
    for (let i = 1; i < count; i++) lines.push(`c${i - 1} -> c${i};`);
    return [...lines, '}'].join('\n');
  }

  /** Returns the drawing, by Graphviz. @throws {ValueError} if the laboratory is not loaded. */
  async drawing(): Promise<RichOutput> {
    if (views.drawing === undefined)
      throw new ValueError('drawing: the laboratory draws it, which is not loaded: import "gradlab/lab"');
    return html(await views.drawing(this.dot()), this.table().mimeBundle()['text/plain'] as string);
  }

  mimeBundle(): MimeBundle {
    return this.table().mimeBundle();
  }
}

/** Groups neighbours with the same key; calls without a key stay single. */
function inGroups(
  calls: readonly TracedCall[],
  keyOf: (call: TracedCall) => number | null,
  title: string,
): (Group | TracedCall)[] {
  const found: (Group | TracedCall)[] = [];
  let [key, items]: [number | null, TracedCall[]] = [null, []];
  for (const call of calls) {
    const next = keyOf(call);
    if (next !== null && next === key) {
      items.push(call);
      continue;
    }
    key = next;
    items = [call];
    found.push(next === null ? call : { title, times: 1, items });
  }
  return found;
}

/** Merges neighbouring groups with the same content. */
function merged(items: readonly (Group | TracedCall)[]): (Group | TracedCall)[] {
  const found: (Group | TracedCall)[] = [];
  for (const item of items) {
    const last = found.at(-1);
    if (last && isGroup(last) && isGroup(item) && textOf(last.items) === textOf(item.items))
      found[found.length - 1] = { ...last, times: last.times + item.times };
    else found.push(item);
  }
  return found;
}

const textOf = (items: Group['items']): string =>
  items
    .map((item) =>
      isGroup(item) ? `{${item.title}×${item.times}:${textOf(item.items)}}` : `${item.call}/${item.callback}`,
    )
    .join(';');

/**
 * Trains as {@link fit} does, and returns its calls, in order: the hooks of all callbacks and the functions of the
 * loop. A callback named `every hook`, with all hooks and no effect, shows where a custom hook would be called.
 *
 * @example
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
 * const options = { loss: nn.functional.mseLoss, optimizer, epochs: 1 };
 * const { calls } = training.trace(net, { x: rand([4, 2]), y: rand([4, 1]) }, options);
 * calls.filter(({ callback }) => callback === '').map(({ call }) => call)
 * // ['net.train()', 'optimizer.zeroGrad()', 'net(x)', 'loss(output, y)', 'backward()', 'optimizer.step()']
 * @throws as {@link fit}.
 */
export function trace<const M extends Metrics = Metrics>(net: Net, data: TrainingData, options: FitOptions<M>): Trace {
  const calls: TracedCall[] = [];
  const hooks = Object.fromEntries(hookNames.map((hook) => [hook, () => {}]));
  const every = { ...hooks, name: 'every hook' } as Callback;
  const given = options as unknown as FitOptions;
  const own = given?.callbacks ?? [];
  // A value that is not a list is refused with the other options.
  const callbacks = Array.isArray(own) ? [every, ...own] : own;
  const watch = (call: string, callback = '') => void calls.push({ ...training.at, call, callback });
  const training = new Training(planOf('trace', net, data, { ...given, callbacks } as FitOptions, { watch }));
  atOnce('trace', training.run());
  return new Trace(calls);
}
