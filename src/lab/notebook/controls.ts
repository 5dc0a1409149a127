import { ValueError } from '../../errors';
import type { Widget } from './kernel';

/** A value without a control; made by {@link fixed}. */
export class Fixed<T> {
  constructor(readonly value: T) {}
}

/** A value for {@link interact} without a control. */
export function fixed<T>(value: T): Fixed<T> {
  return new Fixed(value);
}

/** A widget with a value, such as `Jupyter.widgets.FloatLogSlider({ … })`. */
export interface ValueWidget<T = unknown> {
  value: T;
  readonly modelId: string;
}

/** From the first to the second number, in steps of the third. */
export type Span = readonly [min: number, max: number] | readonly [min: number, max: number, step: number];

/** The forms in which a control may be given. */
export type Control =
  | Span
  | number
  | boolean
  | string
  | readonly unknown[]
  | Fixed<unknown>
  | ValueWidget
  | { readonly [label: string]: unknown };

/** Controls by the name of the parameter that each sets. */
export interface Controls {
  readonly [name: string]: Control;
}

/** The values of a control. */
export type ControlValue<C> =
  C extends Fixed<infer T>
    ? T
    : C extends ValueWidget<infer T>
      ? T
      : C extends Span | number
        ? number
        : C extends boolean
          ? boolean
          : C extends string
            ? string
            : C extends readonly (infer T)[]
              ? T
              : C[keyof C];

/** The values of controls, by name. */
export type ControlValues<C> = { -readonly [K in keyof C]: ControlValue<C[K]> };

/** A control with everything that the abbreviation leaves out. */
export type Setting =
  | { kind: 'IntSlider' | 'FloatSlider'; min: number; max: number; step: number; value: number }
  | { kind: 'Dropdown'; options: readonly (readonly [label: string, value: unknown])[]; value: unknown }
  | { kind: 'Checkbox'; value: boolean }
  | { kind: 'Text'; value: string }
  | { kind: 'fixed'; value: unknown }
  | { kind: 'widget'; value: unknown; widget: Widget & ValueWidget };

/**
 * Returns the control for an abbreviation, as in ipywidgets.
 * @param start the initial value; `undefined` leaves it to the abbreviation
 * @throws {ValueError} for an unknown form, or if `start` is not among its values
 */
export function settingOf(name: string, control: Control, start: unknown): Setting {
  const refuse = (what: string): never => {
    throw new ValueError(`interact: ${name} ${what}`);
  };
  if (control instanceof Fixed) return { kind: 'fixed', value: control.value };
  if (typeof control === 'number') return slider(around(control, refuse), (start as number) ?? control, refuse);
  if (typeof control === 'boolean') return { kind: 'Checkbox', value: (start as boolean) ?? control };
  if (typeof control === 'string') return { kind: 'Text', value: (start as string) ?? control };
  if (typeof control !== 'object' || control === null)
    return refuse(
      `takes [min, max, step], a number, options, a boolean, a string, fixed(…) or a widget, not ${control}`,
    );
  if (isSpan(control)) return slider(control, start as number | undefined, refuse);
  if (isWidget(control)) {
    if (start !== undefined) control.value = start;
    return { kind: 'widget', value: control.value, widget: control };
  }
  const options = Array.isArray(control)
    ? control.map((value): [string, unknown] => [labelOf(value), value])
    : Object.entries(control);
  if (options.length === 0) return refuse('has no options; give at least one');
  const value = start === undefined ? options[0]![1] : start;
  if (!options.some((option) => Object.is(option[1], value)))
    return refuse(`starts at ${labelOf(value)}, which is none of its options: ${options.map(([l]) => l).join(', ')}`);
  return { kind: 'Dropdown', options, value };
}

type Refuse = (what: string) => never;

function slider([min, max, given]: Span, start: number | undefined, refuse: Refuse): Setting {
  if (![min, max].every(Number.isFinite)) refuse(`takes finite numbers, not [${min}, ${max}]`);
  if (min > max) refuse(`has its least value ${min} above its largest, ${max}; write [${max}, ${min}]`);
  if (given !== undefined && !(given > 0)) refuse(`needs a step above 0, not ${given}`);
  if (start !== undefined && !(start >= min && start <= max)) refuse(`starts at ${start}, outside [${min}, ${max}]`);
  const isWhole = [min, max, given ?? 1, start ?? min].every(Number.isInteger);
  // A tenth, as in ipywidgets, unless the range is too short for it.
  const step = given ?? (isWhole ? 1 : Math.min(0.1, 10 ** Math.floor(Math.log10((max - min) / 10 || 1))));
  const middle = min + (max - min) / 2;
  const value = start ?? (given === undefined ? middle : min + Math.floor((middle - min) / step) * step);
  return isWhole
    ? { kind: 'IntSlider', min, max, step, value: Math.floor(value) }
    : { kind: 'FloatSlider', min, max, step, value };
}

/** The range around a number: three times as far on its own side, once on the other; 0 to 1 around 0. */
function around(value: number, refuse: Refuse): Span {
  if (!Number.isFinite(value)) refuse(`takes a finite number, not ${value}`);
  if (value === 0) return [0, 1];
  return value > 0 ? [-value, 3 * value] : [3 * value, -value];
}

function isSpan(control: object): control is Span {
  return Array.isArray(control) && [2, 3].includes(control.length) && control.every((x) => typeof x === 'number');
}

function isWidget(control: object): control is Widget & ValueWidget {
  return 'value' in control && typeof (control as Partial<Widget>).observe === 'function';
}

const labelOf = (value: unknown): string => {
  const { name } = (value ?? {}) as { name?: unknown };
  return typeof value === 'function' && typeof name === 'string' && name !== '' ? name : String(value);
};

/** At most `count` values of a control, evenly spread, including the initial one. */
export function samplesOf(setting: Setting, count: number): unknown[] {
  if (setting.kind === 'Dropdown') return setting.options.map(([, value]) => value);
  if (setting.kind === 'Checkbox') return [false, true];
  if (setting.kind !== 'IntSlider' && setting.kind !== 'FloatSlider') return [setting.value];
  const { min, max, step, value } = setting;
  const steps = Math.floor((max - min) / step + 1e-9);
  const stride = Math.max(1, Math.ceil(steps / (count - 2)));
  const samples = Array.from({ length: Math.floor(steps / stride) + 1 }, (_, i) => rounded(min + i * stride * step));
  return [...new Set([...samples, value])].sort((a, b) => a - b);
}

/** Removes rounding errors of additions: 0.30000000000000004 becomes 0.3. */
const rounded = (value: number): number => Number(value.toPrecision(12));
