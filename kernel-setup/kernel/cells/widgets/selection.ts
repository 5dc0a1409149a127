// Widgets that select among options. Front ends know labels and an index; cells use the values.
import { shown } from './values';
import { type Origin, type Values, Widget } from './widget';

type Option = readonly [label: string, value: unknown];

/** Options as cells give them: values, pairs of label and value, or values by label. */
function optionsOf(given: unknown, where: string): Option[] {
  if (given === null) return [];
  if (given instanceof Map) return [...given].map(([label, value]) => [String(label), value]);
  if (typeof given !== 'object') throw new TypeError(`${where} takes an array or values by label, not ${shown(given)}`);
  if (!(Symbol.iterator in given)) return Object.entries(given);
  const all = [...(given as Iterable<unknown>)];
  const arePairs = all.every((o): o is Option => Array.isArray(o) && o.length === 2 && typeof o[0] === 'string');
  return arePairs ? all.map(([label, value]) => [label, value]) : all.map((value) => [labelOf(value), value]);
}

const labelOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? shown(value) : String(value);

/** Selects one option or none. */
export class Selection extends Widget {
  protected override adjusted(changes: Values, origin: Origin): Values {
    const options = optionsOf(changes.options ?? this.values.options, `${this.name}: options`);
    if (options.length === 0 && this.needsOptions())
      throw new RangeError(`${this.name}: options are empty; it needs at least one`);
    const labels = options.map(([label]) => label);
    const optionsChange = 'options' in changes;
    let index: unknown;
    if ('index' in changes) index = changes.index;
    else if ('value' in changes) index = this.indexOf(changes.value, options, 1);
    else if ('label' in changes) index = this.indexOf(changes.label, options, 0);
    else
      index =
        origin === 'new' ? this.first(options) : optionsChange ? this.afterNewOptions(options) : this.values.index;
    this.checkIndex(index, labels.length);
    return {
      ...changes,
      ...(optionsChange && { _options_labels: labels }),
      index,
      value: this.pick(index, (i) => options[i][1]),
      label: this.pick(index, (i) => labels[i]),
    };
  }

  /** The index of the option with a value (`part` 1) or label (`part` 0). */
  protected indexOf(wanted: unknown, options: readonly Option[], part: 0 | 1): unknown {
    if (wanted === null) return null;
    const index = options.findIndex((option) => Object.is(option[part], wanted));
    if (index >= 0) return index;
    const there = options.map((option) => shown(option[part]));
    const list =
      there.length > 10 ? `${there.slice(0, 10).join(', ')} and ${there.length - 10} more` : there.join(', ');
    throw new RangeError(
      `${this.name}: ${part === 0 ? 'label' : 'value'} ${shown(wanted)} is none of the options: ${list || 'there are none'}`,
    );
  }

  protected checkIndex(index: unknown, count: number): void {
    if (index !== null && !((index as number) >= 0 && (index as number) < count))
      throw new RangeError(`${this.name}: index ${shown(index)} is outside the ${count} options`);
  }

  /** The selected item at an index. */
  protected pick(index: unknown, get: (index: number) => unknown): unknown {
    return index === null ? null : get(index as number);
  }

  protected first(options: readonly Option[]): unknown {
    return options.length > 0 ? 0 : null;
  }

  protected afterNewOptions(options: readonly Option[]): unknown {
    return this.values.index === null ? null : this.first(options);
  }

  protected needsOptions(): boolean {
    return this.model.attributes.get('index')!.allow_none !== true;
  }
}

/** Selects any number of options; `index`, `value` and `label` are arrays. */
export class MultipleSelection extends Selection {
  protected override indexOf(wanted: unknown, options: readonly Option[], part: 0 | 1): unknown {
    if (!Array.isArray(wanted))
      throw new TypeError(`${this.name}: value and label take an array, not ${shown(wanted)}`);
    return Object.freeze(wanted.map((one) => super.indexOf(one, options, part)));
  }

  protected override checkIndex(index: unknown, count: number): void {
    for (const one of index as number[]) super.checkIndex(one, count);
  }

  protected override pick(index: unknown, get: (index: number) => unknown): unknown {
    return Object.freeze((index as number[]).map(get));
  }

  protected override first(_options: readonly Option[]): unknown {
    return [];
  }

  protected override afterNewOptions(_options: readonly Option[]): unknown {
    return [];
  }

  protected override needsOptions(): boolean {
    return false;
  }
}

/** Selects from one option to another. */
export class RangeSelection extends MultipleSelection {
  protected override checkIndex(index: unknown, count: number): void {
    if ((index as number[]).length !== 2)
      throw new RangeError(
        `${this.name}: index, value and label have two elements, the first and the last, not ${shown(index)}`,
      );
    super.checkIndex(index, count);
  }

  protected override first(): unknown {
    return [0, 0];
  }

  protected override afterNewOptions(): unknown {
    return [0, 0];
  }

  protected override needsOptions(): boolean {
    return true;
  }
}
