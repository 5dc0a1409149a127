import { bundleOf, displaySymbol, type MimeBundle, plainText } from '../../src/display';

type Values = Record<string, unknown>;

/** A widget that only stores its value, and notifies its observers. */
class FakeWidget {
  readonly observers: (() => unknown)[] = [];
  outputs: unknown[] = [];
  [property: string]: unknown;

  constructor(
    readonly kind: string,
    readonly modelId: string,
    readonly values: Values,
  ) {}

  get value(): unknown {
    return this.values.value;
  }

  set value(value: unknown) {
    this.values.value = value;
    for (const observer of this.observers) observer();
  }

  observe(handler: () => unknown, names?: string): void {
    if (names !== 'value') throw new Error(`observes ${names}`);
    this.observers.push(handler);
  }

  /** Moves it as a reader does; returns the promises of its observers. */
  move(value: unknown): unknown[] {
    this.values.value = value;
    return this.observers.map((observer) => observer());
  }

  [displaySymbol](): MimeBundle {
    return { 'text/plain': this.kind };
  }
}

export class FakeOutput extends FakeWidget {
  printed: string[] = [];
  /** Displays that replaced all earlier ones. */
  readonly replaced: MimeBundle[] = [];
  /** For each call of `outside`, whether a capture was active. */
  readonly outsideOf: boolean[] = [];
  private isCapturing = false;

  capture<T>(run: () => T, { clear = false } = {}): T {
    if (clear) this.printed = [];
    const end = <V>(value: V) => {
      this.isCapturing = false;
      return value;
    };
    const note = (error: unknown) => {
      this.printed.push(String(error));
      throw end(error);
    };
    this.isCapturing = true;
    try {
      const returned = run();
      return returned instanceof Promise ? (returned.then(end, note) as T) : end(returned);
    } catch (error) {
      return note(error);
    }
  }

  outside<T>(run: () => T): T {
    this.outsideOf.push(this.isCapturing);
    return run();
  }

  async appendDisplayData(value: unknown): Promise<void> {
    this.printed.push(plainText(bundleOf(value) as MimeBundle));
  }

  async replaceDisplayData(value: unknown): Promise<void> {
    this.replaced.push(bundleOf(value) as MimeBundle);
  }
}

/** A display: the text, and the options. */
interface Displayed {
  text: string;
  bundle: MimeBundle;
  displayId?: string;
  update?: boolean;
  metadata?: object;
}

/** A fake of the kernel's global `Jupyter`; `withWidgets` says whether it has widgets. */
export function fakeJupyter({ withWidgets = true } = {}) {
  const displayed: Displayed[] = [];
  const made: FakeWidget[] = [];
  const maker = (kind: string) => (values: Values) => {
    const widget = new (kind === 'Output' ? FakeOutput : FakeWidget)(kind, `id${made.length}`, { ...values });
    made.push(widget);
    return widget;
  };
  const kinds = ['IntSlider', 'FloatSlider', 'Dropdown', 'Checkbox', 'Text', 'Output', 'VBox'];
  let names = 0;
  const Jupyter = {
    newId: () => `name${++names}`,
    display(bundle: MimeBundle, { raw: _, ...options }: { raw: true } & Omit<Displayed, 'text' | 'bundle'>) {
      displayed.push({ text: plainText(bundle), bundle, ...options });
    },
    ...(withWidgets && { widgets: Object.fromEntries(kinds.map((kind) => [kind, maker(kind)])) }),
  };
  const output = () => made.find(({ kind }) => kind === 'Output') as FakeOutput;
  /** The texts displayed from now on. */
  const texts = () => displayed.splice(0).map(({ text }) => text);
  return { Jupyter, displayed, made, output, texts };
}
