import { bundleOf, type Displayable, displaySymbol, type MimeBundle, newDisplayId, show } from '../../display';
import { ValueError } from '../../errors';
import { inspect } from '../../platform';
import { type Controls, type ControlValues, type Setting, settingOf } from './controls';
import { kernelWidgets, type OutputWidget, replacesOutputs, type Widget, type Widgets } from './kernel';
import { Newest } from './newest';
import { precomputed } from './precomputed';
import { hint, previewOf } from './preview';

/** Options of {@link interact}. */
export interface InteractOptions<V> {
  /** Initial values. Default: the middle of a range, the first of options. */
  start?: Partial<V>;
}

/**
 * Runs a function with values from controls, immediately and after each change of a control. Its result, its output and
 * its errors are shown in place.
 *
 * Each control is named after a parameter and abbreviated as in ipywidgets: `[min, max]` or `[min, max, step]` is a
 * slider (of whole numbers if these are), a number a slider around it, a list or an object of values by label a
 * drop-down menu, a boolean a checkbox, a string a text field; `fixed(x)` has no control, and a widget of
 * `Jupyter.widgets` stands for itself. Two or three numbers are a range: as options, write them as an object.
 *
 * Of a slow function's values, those that are out of date when it is ready are left out. A returned figure is redrawn in
 * place. Without a kernel that has widgets, the result at first is shown; if one control moves a figure, it gets a
 * slider of precomputed figures.
 *
 * `interact(({ elev, azim }) => plot.surface(f, { camera: { elev, azim } }), { elev: [0, 90], azim: [-180, 180, 5] });`
 * @throws {ValueError} if a control is none of these, or a start is not among its values.
 */
export function interact<const C extends Controls>(
  fn: (values: ControlValues<C>) => unknown,
  controls: C,
  options: InteractOptions<ControlValues<C>> = {},
): void {
  const session = new Session(fn, controls, options);
  session.showControls();
  session.run();
  session.showResult();
}

/** A function with its controls, from {@link interactive}; shows both at the end of a cell. */
export interface Interactive<V, R> extends Displayable {
  /** What the controls say now. */
  readonly values: V;
  /** The current values of the controls. */
  readonly result: Awaited<R> | undefined;
  /** The last result of the function; `undefined` if it has thrown. */
  update(): Promise<void> | undefined;
}

/** As {@link interact}, but returns the controls with the function, to show them later and to read the result. */
export function interactive<const C extends Controls, R>(
  fn: (values: ControlValues<C>) => R,
  controls: C,
  options: InteractOptions<ControlValues<C>> = {},
): Interactive<ControlValues<C>, R> {
  const session = new Session(fn, controls, options);
  session.run();
  return session as unknown as Interactive<ControlValues<C>, R>;
}

/** Returns a result as {@link show} displays it; nothing for `undefined`. */
const asShown = (result: unknown): Displayable =>
  result === undefined ? nothing : { [displaySymbol]: () => bundleOf(result) };

/** An empty display that reserves the place of the next one. */
const nothing: Displayable = { [displaySymbol]: () => ({ 'text/plain': '' }) };

class Session<V, R> implements Displayable {
  /** The controls and the function's output; nothing in a kernel without widgets. */
  readonly box: Widget | undefined;
  result: unknown;
  private readonly settings: ReadonlyMap<string, Setting>;
  private readonly inputs: ReadonlyMap<string, { value: unknown }>;
  private readonly output: OutputWidget | undefined;
  /** The place of results if the notebook cannot replace outputs. */
  private readonly results: OutputWidget | undefined;
  private readonly newest = new Newest(() => this.compute());
  private readonly displayId = newDisplayId();
  private state: 'waiting' | 'ready' | 'failed' = 'waiting';
  /** The place of later results: a separate output, or beside the function's output. */
  private place: 'undecided' | 'output' | 'widget' = 'undecided';

  constructor(
    private readonly fn: (values: never) => R,
    controls: Controls,
    { start = {} }: InteractOptions<V>,
  ) {
    for (const name of Object.keys(start))
      if (!(name in controls)) throw new ValueError(`interact: start has ${name}, for which there is no control`);
    const startOf = (name: string) => (start as Record<string, unknown>)[name];
    this.settings = new Map(
      Object.entries(controls).map(([name, control]) => [name, settingOf(name, control, startOf(name))]),
    );
    const widgets = kernelWidgets();
    const parts = [...this.settings].map(([name, setting]) => ({
      name,
      setting,
      widget: widgetFor(name, setting, widgets),
    }));
    this.inputs = new Map(parts.map(({ name, setting, widget }) => [name, widget ?? setting]));
    if (widgets === undefined) return;
    const shown = parts.flatMap(({ widget }) => widget ?? []);
    this.output = widgets.Output({});
    this.results = replacesOutputs() ? undefined : widgets.Output({});
    const outputs = [this.output, ...(this.results ? [this.results] : [])];
    this.box = widgets.VBox({ children: [...shown, ...outputs], domClasses: ['widget-interact'] });
    for (const widget of shown) widget.observe(() => this.newest.request(), 'value');
  }

  get values(): V {
    return Object.fromEntries([...this.inputs].map(([name, { value }]) => [name, value])) as V;
  }

  update(): Promise<void> | undefined {
    return this.newest.request();
  }

  /** Runs the function for the first time. */
  run(): void {
    if (this.box) void this.newest.request();
    else this.result = precomputed(this.fn, this.settings);
  }

  /** Shows the controls; on pages where no cell has run, describes them and how to get them. */
  showControls(): void {
    if (this.box === undefined) return;
    const names = [...this.settings].filter(([, { kind }]) => kind !== 'fixed').map(([name]) => name);
    const still = { 'text/html': previewOf(this.settings), 'text/plain': `Controls: ${names.join(', ')}. ${hint}` };
    const bundle = { ...(this.box[displaySymbol]() as MimeBundle), ...still };
    void show({ [displaySymbol]: () => bundle });
  }

  /** Adds the output that later results replace. */
  showResult(): void {
    if (this.box === undefined) return void showLater(this.result);
    if (this.results) return;
    const isEmpty = this.state === 'ready' && this.result === undefined;
    this.place = isEmpty ? 'widget' : 'output';
    if (isEmpty) return;
    const { result, state, displayId } = this;
    this.output!.outside(() => void show(state === 'ready' ? result : nothing, { displayId }));
  }

  /** At the end of a cell: the controls, and below them the result as a separate output, which later ones replace. */
  [displaySymbol](): ReturnType<typeof bundleOf> {
    if (this.box === undefined) return bundleOf(this.result);
    this.showControls();
    this.showResult();
    return undefined;
  }

  /** The notebook's description of this variable. */
  [Symbol.for('Jupyter.summary')](): string {
    return `interactive\n${inspect(this.values, { depth: 1 })} gives ${inspect(this.result, { depth: 1 })}`;
  }

  /** Errors appear in the output widget; the last result stays. */
  private compute(): Promise<void> | undefined {
    const fail = () => {
      this.result = undefined;
      this.state = 'failed';
      return undefined;
    };
    const { fn } = this;
    const run = () => {
      const returned = fn(this.values as never);
      if (!(returned instanceof Promise)) return this.settle(returned);
      // The cell may have ended, but its output still goes to the widget, where updates cannot find it.
      return returned.then((value) => this.output!.outside(() => this.settle(value)));
    };
    try {
      return this.output!.capture(run, { clear: this.state !== 'waiting' })?.catch(fail);
    } catch {
      return fail();
    }
  }

  private settle(result: unknown): Promise<void> | undefined {
    this.result = result;
    this.state = 'ready';
    const { displayId } = this;
    if (this.results) return this.results.replaceDisplayData(asShown(result));
    if (this.place === 'output') return show(asShown(result), { displayId, update: true });
    if (this.place === 'widget' && result !== undefined) return this.output!.appendDisplayData(asShown(result));
    return undefined;
  }
}

/** The widget of a setting; a fixed value has none. */
function widgetFor(name: string, setting: Setting, widgets: Widgets | undefined) {
  if (setting.kind === 'widget') return setting.widget;
  if (setting.kind === 'fixed' || widgets === undefined) return undefined;
  const { kind, ...values } = setting;
  const digits = setting.kind === 'FloatSlider' ? decimals(setting.step) : 0;
  const look = {
    ...(digits > 2 && { readoutFormat: `.${digits}f` }),
    ...(kind.endsWith('Slider') && { layout: { width: sliderWidth } }),
  };
  return widgets[kind]({ description: name, ...values, ...look });
}

/** Wide enough to select one of a few hundred values with the mouse. */
const sliderWidth = 'min(480px, 100%)';

/** The number of decimals that a step needs. */
const decimals = (step: number): number => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));

async function showLater(result: unknown): Promise<void> {
  const value = await result;
  if (value !== undefined) await show(value);
}
