// What cells see of the kernel: the global `Jupyter`. The build writes its part on single widgets (widgets.d.ts).
/// <reference path="./globals.d.ts" />
/// <reference path="./widgets.d.ts" />

/** The notebook around a cell: its outputs, its reader, its front end. */
declare namespace Jupyter {
  /** Representations of one value by MIME type; the front end shows the richest that it knows. */
  type MimeBundle = Record<string, unknown>;

  /** Binary data beside a message. */
  type Binary = ArrayBufferView | ArrayBufferLike;

  interface DisplayOptions {
    /** Takes the value as a bundle by MIME type. Default: whether it is nothing but that. */
    raw?: boolean;
    /** Names the output, so that `update` can replace it later. Default: no name. */
    displayId?: string;
    /** Replaces the output called `displayId`, also one of an earlier cell. Default: false. */
    update?: boolean;
    /** Notes on the output that the notebook keeps. Default: none. */
    metadata?: object;
  }

  /**
   * Shows a value as an output of the cell. How it looks is up to its method `Symbol.for('Jupyter.display')`, which gives
   * a bundle or a promise of one, or nothing if it has displayed the value itself. A bundle such as
   * `{ 'text/html': '<b>1</b>' }` is shown as it is. Without either, values are known by what they have: `outerHTML` of
   * elements (Observable Plot, jsdom), `toSpec` or `$schema` of Vega's charts, `toDataURL` of a canvas, bytes and blobs of
   * PNG, JPEG, GIF, WebP and PDF, data frames (polars, arquero, Arrow, Danfo). Others are text.
   *
   * The output is there when the function returns, unless the value's own method is asynchronous: await it then.
   * @throws {TypeError} when `update` has no `displayId`, or `raw` no bundle
   */
  function display(value: unknown, options?: DisplayOptions): Promise<void>;

  /** A value that shows itself; see `display`. */
  interface Displayable {
    // biome-ignore lint/suspicious/noExplicitAny: `Symbol.for` makes no unique symbol, by which a type could name it
    [display: symbol]: any;
  }

  /** HTML that shows itself: `` Jupyter.html`<b>${sum}</b>` ``, or `Jupyter.html(text)`. Nothing is escaped. */
  function html(text: TemplateStringsArray | string, ...values: unknown[]): Displayable;

  /** Markdown that shows itself, as `html`. */
  function md(text: TemplateStringsArray | string, ...values: unknown[]): Displayable;

  /** A drawing in SVG that shows itself, as `html`. */
  function svg(text: TemplateStringsArray | string, ...values: unknown[]): Displayable;

  /** Empties the output of the cell: at once, or with `wait` when the next output comes, which avoids flicker. */
  function clearOutput(options?: { wait?: boolean }): void;

  /**
   * Installs packages of npm into the folder of the notebook, with npm's progress below the cell: `await Jupyter.install('zod')`,
   * or `'zod@3'`. What is installed can be imported at once; of a package that was loaded in another version it says to restart.
   * @throws {TypeError} for what is no name of a package
   * @throws {Error} when npm fails, or in a page, where packages are imported by their address
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
   * @throws {Error} at once, when the front end takes no input
   */
  function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

  interface CommOptions {
    /** What in the front end the comm is for. */
    target_name: string;
    /** Content of the opening message. */
    data?: object;
    metadata?: Record<string, unknown>;
    buffers?: readonly Binary[];
  }

  interface SendOptions {
    metadata?: Record<string, unknown>;
    /** Binary data, sent as it is. */
    buffers?: readonly Binary[];
  }

  /** A message from the front end. */
  interface CommMessage {
    /** What was sent; its form is up to the front end. */
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
    /** Whether neither side has closed it. */
    readonly isOpen: boolean;
    /** @throws {Error} when the comm is closed */
    send(data: object, options?: SendOptions): void;
    /** Hears the front end's messages. An error in the handler, which may be asynchronous, is printed. */
    onMsg(handler: (message: CommMessage) => unknown): void;
    /** Hears when the front end closes the comm. */
    onClose(handler: (message: CommMessage) => unknown): void;
    close(data?: object, options?: SendOptions): void;
  }

  /** Takes comms that front ends open for a target; the handler gets the comm and the message that opened it. */
  function registerTarget(name: string, handler: (comm: Comm, message: CommMessage) => unknown): void;

  /** A name that nothing else in the notebook has, for a display or a comm; the same when the notebook is run again. */
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
  /** What a constructor takes: any of the attributes, layout and style also as plain objects. */
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

  /** A change of an attribute, as observers get it. */
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
     * Calls a handler when attributes change, whoever changes them. An error in a handler that a reader's change has
     * called is printed.
     * @param names one attribute or several; default: all
     * @throws {TypeError} when there is no such attribute
     */
    observe<K extends keyof A>(handler: (change: Change<A, K>) => unknown, names?: K | readonly K[]): void;
    /** Takes back `observe` with the same arguments; without arguments, all of them. */
    unobserve<K extends keyof A>(handler?: (change: Change<A, K>) => unknown, names?: K | readonly K[]): void;
    /**
     * Changes several attributes at once.
     * @throws {TypeError | RangeError} when a value does not fit; then nothing is changed
     */
    set(values: Options<A>): void;
    /** Sends a message to its other half in the front end. */
    send(content: unknown, buffers?: readonly ArrayBufferView[]): void;
    /** Hears the messages that its other half sends. */
    onMsg(handler: (content: unknown, buffers: Uint8Array[]) => unknown): void;
    /** Gives it a CSS class. */
    addClass(name: string): this;
    removeClass(name: string): this;
    /** Takes it away from the notebook. */
    close(): void;
  }

  /** What all widgets are instances of. */
  const Widget: abstract new () => AnyWidget;

  /** Attributes of everything that can be seen. */
  interface DomAttributes {
    /** CSS classes. Default: none. */
    domClasses: readonly string[];
    /** Its place and size, in terms of CSS. */
    get layout(): Layout;
    set layout(value: Layout | Options<LayoutAttributes>);
    /** Whether the tabulator key reaches it. Default: null (up to the front end). */
    tabbable: boolean | null;
    /** Shown when the pointer rests on it. Default: null. */
    tooltip: string | null;
  }

  /** Values; pairs of label and value; or values by label. */
  type Choices<T> =
    | readonly (readonly [label: string, value: T])[]
    | readonly T[]
    | Readonly<Record<string, T>>
    | ReadonlyMap<string, T>;

  /** Attributes of what selects one of several options. */
  interface SelectionAttributes<T> {
    /** What can be selected. Labels default to the values as text. */
    get options(): Choices<T>;
    set options(value: Choices<T>);
    /** What is selected. Default: the first option. */
    value: T;
    /** The label of what is selected. */
    label: string;
    /** The position of what is selected. */
    index: number | null;
  }

  /** Attributes of what selects several options. */
  interface MultipleSelectionAttributes<T> {
    get options(): Choices<T>;
    set options(value: Choices<T>);
    /** What is selected. */
    value: readonly T[];
    /** The labels of what is selected. */
    label: readonly string[];
    /** The positions of what is selected. */
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
    /** What can be selected: values, pairs of label and value, or values by label. */
    options?: C;
    /** What is selected first. Default: the first option, if one has to be. */
    value?: W extends keyof MultipleByName ? readonly NoInfer<ValueOf<C>>[] : NoInfer<ValueOf<C>> | null;
    label?: W extends keyof MultipleByName ? readonly string[] : string | null;
    index?: W extends keyof MultipleByName ? readonly number[] : number | null;
  }

  interface ButtonMethods {
    /** Calls a handler at each click; with `remove` no longer. */
    onClick(handler: (button: Button) => unknown, remove?: boolean): void;
    /** Does what a click does. */
    click(): void;
  }

  interface OutputMethods {
    /**
     * Runs a function; what it prints and displays, and its error if it throws, appears in this widget instead of the
     * cell. Gives what the function gives; if that is a promise, captures until it settles.
     */
    capture<T>(run: () => T, options?: { clear?: boolean; wait?: boolean }): T;
    /**
     * Runs a function whose output stands where it would without this widget, also while something is captured; gives
     * what the function gives.
     */
    outside<T>(run: () => T): T;
    /** Empties it: at once, or with `wait` when the next output comes. */
    clear(options?: { wait?: boolean }): void;
    appendStdout(text: string): void;
    appendStderr(text: string): void;
    /** Adds a value as `Jupyter.display` shows it. */
    appendDisplayData(value: unknown): Promise<void>;
    /** Shows a value, as `Jupyter.display` does, in the place of all that is there. */
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
  /** Has one attribute follow another inside the front end, without the kernel. */
  function jsdlink<A, B>(source: Place<A>, target: Place<B>): DirectionalLink;
}
