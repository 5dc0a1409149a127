import type { Displayable } from '../../display';
import { environment } from '../../platform';

/** A widget of the kernel, as far as the library uses it. */
export interface Widget extends Displayable {
  readonly modelId: string;
  observe(handler: () => unknown, names?: string): void;
}

/** A widget that shows the output of functions. */
export interface OutputWidget extends Widget {
  /** Runs a function with its output and errors in the widget; returns its result. */
  capture<T>(run: () => T, options?: { clear?: boolean; wait?: boolean }): T;
  /** Runs a function whose output appears outside of this widget, even during a capture. */
  outside<T>(run: () => T): T;
  appendDisplayData(value: unknown): Promise<void>;
  /** Replaces the content by a value. */
  replaceDisplayData(value: unknown): Promise<void>;
}

/** A button widget. */
export interface ButtonWidget extends Widget {
  description: string;
  icon: string;
  disabled: boolean;
  onClick(handler: () => unknown): void;
}

type Maker<W> = (values: object) => W;
type ControlMaker = Maker<Widget & { value: unknown }>;

/** The widgets that the library creates. */
export interface Widgets {
  IntSlider: ControlMaker;
  FloatSlider: ControlMaker;
  Dropdown: ControlMaker;
  Checkbox: ControlMaker;
  Text: ControlMaker;
  Output: Maker<OutputWidget>;
  VBox: Maker<Widget>;
  HBox: Maker<Widget>;
  Button: Maker<ButtonWidget>;
}

/** The widgets of the current kernel; stock tslab and plain Node have none. */
export function kernelWidgets(): Widgets | undefined {
  return (globalThis as { Jupyter?: { widgets?: Widgets } }).Jupyter?.widgets;
}

/** Whether the page replaces outputs that are updated. Voila updates only its widgets. */
export const replacesOutputs = (): boolean => environment('VOILA_BASE_URL') === undefined;
