// What cells see of the kernel: the global `Jupyter`. The build writes its part on single widgets (widgets.d.ts).
/// <reference path="./globals.d.ts" />
/// <reference path="./widgets.d.ts" />

/** The notebook of a cell: its outputs, its reader, its front end. */
declare namespace Jupyter {
  /** Representations of one value by MIME type; the front end shows the richest that it knows. */
  type MimeBundle = Record<string, unknown>;

  /** Binary data beside a message. */
  type Binary = ArrayBufferView | ArrayBufferLike;

  interface DisplayOptions {
    /** Treats the value as a bundle by MIME type. Default: whether it contains nothing else. */
    raw?: boolean;
    /** Names the output, so that `update` can replace it later. Default: no name. */
    displayId?: string;
    /** Replaces the output with this `displayId`, also one of an earlier cell. Default: false. */
    update?: boolean;
    /** Metadata of the output, saved in the notebook. Default: none. */
    metadata?: object;
  }

  /**
   * Shows a value as an output of the cell. Its method `Symbol.for('Jupyter.display')` decides how: it returns a bundle
   * or a promise of one, or nothing if it has displayed the value itself. A bundle such as
   * `{ 'text/html': '<b>1</b>' }` is shown unchanged. Other values are recognised by their properties: `outerHTML` of
   * elements (Observable Plot, jsdom), `toSpec` or `$schema` of Vega charts, `toDataURL` of a canvas, bytes and blobs
   * of PNG, JPEG, GIF, WebP and PDF, data frames (polars, arquero, Arrow, Danfo). All others are shown as text.
   *
   * The output is sent before the function returns, unless the value's own method is asynchronous: then await it.
   * @throws {TypeError} if `update` is used without `displayId`, or `raw` without a bundle
   */
  function display(value: unknown, options?: DisplayOptions): Promise<void>;

  /** A value with its own display; see `display`. */
  interface Displayable {
    // biome-ignore lint/suspicious/noExplicitAny: `Symbol.for` makes no unique symbol, by which a type could name it
    [display: symbol]: any;
  }

  /** A displayable HTML value: `` Jupyter.html`<b>${sum}</b>` ``, or `Jupyter.html(text)`. Nothing is escaped. */
  function html(text: TemplateStringsArray | string, ...values: unknown[]): Displayable;

  /** A displayable Markdown value, like `html`. */
  function md(text: TemplateStringsArray | string, ...values: unknown[]): Displayable;

  /** A displayable SVG drawing, like `html`. */
  function svg(text: TemplateStringsArray | string, ...values: unknown[]): Displayable;

  /** Clears the output of the cell: immediately, or with `wait` at the next output, which avoids flicker. */
  function clearOutput(options?: { wait?: boolean }): void;

  /**
   * Installs npm packages in the notebook's folder, with npm's progress below the cell: `await Jupyter.install('zod')`,
   * or `'zod@3'`. The packages can be imported immediately. If another version of a package is already loaded, it asks
   * for a restart.
   * @throws {TypeError} for an invalid package name
   * @throws {Error} if npm fails, or in a page, where packages are imported by URL
   */
  function install(...names: string[]): Promise<void>;

  /** Sends a message of any type to all front ends. */
  function broadcast(
    msgType: string,
    content: object,
    options?: { metadata?: Record<string, unknown>; buffers?: readonly Binary[] },
  ): Promise<void>;

  /**
   * Asks the reader for a line of text; with `password` it stays hidden.
   * @throws {Error} immediately, if the front end does not support input
   */
  function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

  interface CommOptions {
    /** The target in the front end. */
    target_name: string;
    /** Content of the opening message. */
    data?: object;
    metadata?: Record<string, unknown>;
    buffers?: readonly Binary[];
  }

  interface SendOptions {
    metadata?: Record<string, unknown>;
    /** Binary data, sent unchanged. */
    buffers?: readonly Binary[];
  }

  /** A message from the front end. */
  interface CommMessage {
    /** The sent data; its format depends on the front end. */
    // biome-ignore lint/suspicious/noExplicitAny: as with JSON.parse, only the reader knows what to expect
    data: any;
    // biome-ignore lint/suspicious/noExplicitAny: the same data, where the protocol has it
    content: { comm_id: string; target_name?: string; data: any };
    // biome-ignore lint/suspicious/noExplicitAny: up to the front end
    metadata: any;
    buffers: Uint8Array[];
  }

  /** A channel between a cell and something in the front end. */
  class Comm {
    /** Opens a comm from the cell. */
    constructor(options: CommOptions);
    readonly commId: string;
    readonly targetName: string;
    /** Whether the comm is open on both sides. */
    readonly isOpen: boolean;
    /** @throws {Error} if the comm is closed */
    send(data: object, options?: SendOptions): void;
    /**
     * Registers a handler for the front end's messages. Errors in the handler, which may be asynchronous, are printed.
     */
    onMsg(handler: (message: CommMessage) => unknown): void;
    /** Registers a handler for the front end's closing of the comm. */
    onClose(handler: (message: CommMessage) => unknown): void;
    close(data?: object, options?: SendOptions): void;
  }

  /** Accepts comms that front ends open for a target; the handler receives the comm and the opening message. */
  function registerTarget(name: string, handler: (comm: Comm, message: CommMessage) => unknown): void;

  /** A name that is unique in the notebook, for a display or a comm; it is the same when the notebook runs again. */
  function newId(): string;
}

/**
 * ipywidgets' widgets, with its names in camelCase. A widget is a value that shows itself; what the reader changes, the
 * cell sees in its attributes, and the other way round:
 * ```ts
 * const rate = Jupyter.widgets.FloatLogSlider({ value: 0.1, min: -4, max: 0, description: 'lr' });
 * rate.observe(({ new: lr }) => redraw(lr), 'value');
 * rate
 * ```
 */
declare namespace Jupyter.widgets {
  /** The argument of a constructor: any of the attributes, with layout and style also as plain objects. */
  type Options<A> = { [K in keyof A]?: A[K] extends Widget<infer P> ? A[K] | Options<P> : A[K] };

  /** A class that may also be called without `new`. */
  interface WidgetConstructor<W, O> {
    new (options?: O): W;
    (options?: O): W;
    readonly prototype: W;
  }

  interface BoxConstructor<W, O> {
    new (children: readonly AnyWidget[], options?: O): W;
    new (options?: O): W;
    (children: readonly AnyWidget[], options?: O): W;
    (options?: O): W;
    readonly prototype: W;
  }

  /** A change of an attribute, for observers. */
  interface Change<A, K extends keyof A = keyof A> {
    /** The attribute. */
    name: K;
    old: A[K];
    new: A[K];
    owner: Widget<A>;
    type: 'change';
  }

  // biome-ignore lint/suspicious/noExplicitAny: a widget of whatever attributes
  type AnyWidget = Widget<any>;

  interface Widget<A = object> {
    /** The name of its class. */
    readonly name: string;
    /** The id by which front ends know it. */
    readonly modelId: string;
    /**
     * Calls a handler when attributes change, from either side. Errors in a handler for a reader's change are printed.
     * @param names one attribute or several; default: all
     * @throws {TypeError} if there is no such attribute
     */
    observe<K extends keyof A>(handler: (change: Change<A, K>) => unknown, names?: K | readonly K[]): void;
    /** Undoes `observe` with the same arguments; without arguments, removes all handlers. */
    unobserve<K extends keyof A>(handler?: (change: Change<A, K>) => unknown, names?: K | readonly K[]): void;
    /**
     * Changes several attributes at once.
     * @throws {TypeError | RangeError} if a value is invalid; then nothing is changed
     */
    set(values: Options<A>): void;
    /** Sends a message to its view in the front end. */
    send(content: unknown, buffers?: readonly ArrayBufferView[]): void;
    /** Registers a handler for messages of its view. */
    onMsg(handler: (content: unknown, buffers: Uint8Array[]) => unknown): void;
    /** Adds a CSS class. */
    addClass(name: string): this;
    removeClass(name: string): this;
    /** Removes it from the notebook. */
    close(): void;
  }

  /** The base class of all widgets. */
  const Widget: abstract new () => AnyWidget;

  /** Attributes of all visible widgets. */
  interface DomAttributes {
    /** CSS classes. Default: none. */
    domClasses: readonly string[];
    /** Its position and size, in CSS terms. */
    get layout(): Layout;
    set layout(value: Layout | Options<LayoutAttributes>);
    /** Whether the Tab key reaches it. Default: null (depends on the front end). */
    tabbable: boolean | null;
    /** Tooltip on hover. Default: null. */
    tooltip: string | null;
  }

  /** Values; pairs of label and value; or values by label. */
  type Choices<T> =
    | readonly (readonly [label: string, value: T])[]
    | readonly T[]
    | Readonly<Record<string, T>>
    | ReadonlyMap<string, T>;

  /** Attributes of widgets that select one of several options. */
  interface SelectionAttributes<T> {
    /** The options. Labels default to the values as text. */
    get options(): Choices<T>;
    set options(value: Choices<T>);
    /** The selected value. Default: the first option. */
    value: T;
    /** The label of the selected option. */
    label: string;
    /** The index of the selected option. */
    index: number | null;
  }

  /** Attributes of widgets that select several options. */
  interface MultipleSelectionAttributes<T> {
    get options(): Choices<T>;
    set options(value: Choices<T>);
    /** The selected values. */
    value: readonly T[];
    /** The labels of the selected options. */
    label: readonly string[];
    /** The indices of the selected options. */
    index: readonly number[];
  }

  /** The values among options. */
  type ValueOf<C> = C extends readonly (readonly [string, infer T])[]
    ? T
    : C extends readonly (infer T)[] | ReadonlyMap<string, infer T>
      ? T
      : C extends Readonly<Record<string, infer T>>
        ? T
        : never;

  /** Constructor of a widget whose values are those of its options. */
  interface SelectionConstructor<O, W extends keyof SelectionByName<unknown>> {
    new <const C extends Choices<unknown>>(options?: SelectionOptions<C, W> & O): SelectionByName<ValueOf<C>>[W];
    <const C extends Choices<unknown>>(options?: SelectionOptions<C, W> & O): SelectionByName<ValueOf<C>>[W];
  }

  interface SelectionOptions<C, W> {
    /** The options: values, pairs of label and value, or values by label. */
    options?: C;
    /** The initial selection. Default: the first option, if one is required. */
    value?: W extends keyof MultipleByName ? readonly NoInfer<ValueOf<C>>[] : NoInfer<ValueOf<C>> | null;
    label?: W extends keyof MultipleByName ? readonly string[] : string | null;
    index?: W extends keyof MultipleByName ? readonly number[] : number | null;
  }

  interface ButtonMethods {
    /** Calls a handler at each click; with `remove` stops that. */
    onClick(handler: (button: Button) => unknown, remove?: boolean): void;
    /** Simulates a click. */
    click(): void;
  }

  interface OutputMethods {
    /**
     * Runs a function; its prints and displays, and its error if it throws, appear in this widget instead of the cell.
     * Returns the function's result; if that is a promise, captures until it settles.
     */
    capture<T>(run: () => T, options?: { clear?: boolean; wait?: boolean }): T;
    /** Runs a function whose output appears outside of this widget, even during a capture; returns its result. */
    outside<T>(run: () => T): T;
    /** Clears it: immediately, or with `wait` at the next output. */
    clear(options?: { wait?: boolean }): void;
    appendStdout(text: string): void;
    appendStderr(text: string): void;
    /** Appends a value as `Jupyter.display` shows it. */
    appendDisplayData(value: unknown): Promise<void>;
    /** Replaces the content by a value, as `Jupyter.display` shows it. */
    replaceDisplayData(value: unknown): Promise<void>;
  }

  interface PagesMethods {
    setTitle(index: number, title: string): void;
    getTitle(index: number): string;
  }

  interface LinkMethods {
    /** Ends the link. */
    unlink(): void;
  }

  /** A widget and one of its attributes. */
  type Place<A> = readonly [widget: Widget<A>, attribute: keyof A & string];

  /** Keeps two attributes equal inside the front end, without the kernel: also in saved pages. */
  function jslink<A, B>(first: Place<A>, second: Place<B>): Link;
  /** Makes one attribute follow another inside the front end, without the kernel. */
  function jsdlink<A, B>(source: Place<A>, target: Place<B>): DirectionalLink;
}
