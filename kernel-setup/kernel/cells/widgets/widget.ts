// Base of all widgets: attributes that cells and front ends change and observe.
import { inspect } from 'node:util';
import { Comm, guarded, type Received } from '../comms';
import { displaySymbol } from '../display/bundle';
import { restoreBuffers, separateBuffers } from './buffers';
import { liveWidgets, WidgetIdentity } from './registry';
import { type Attribute, isHidden, type WidgetModel } from './specification';
import { check, fromWire, same, shown, toWire } from './values';

/** Values by property. */
export type Values = Record<string, unknown>;
/** Who changes attributes. Values from a front end are adjusted instead of rejected. */
export type Origin = 'new' | 'cell' | 'front end';

export interface Change {
  name: string;
  old: unknown;
  new: unknown;
  owner: Widget;
  type: 'change';
}

type Observer = (change: Change) => unknown;
type MessageHandler = (content: unknown, buffers: Uint8Array[]) => unknown;

/** Version of the messages between widgets and front ends. */
const protocol = { version: '2.1.0' };
const viewMime = 'application/vnd.jupyter.widget-view+json';
const longestText = 110;

export type WidgetClass = { new (values?: Values, when?: 'open' | 'open later'): Widget; readonly model: WidgetModel };
/** The classes by name. */
export const widgetClasses = new Map<string, WidgetClass>();

export class Widget extends WidgetIdentity {
  /** Overridden by each class. */
  declare static readonly model: WidgetModel;
  protected readonly model: WidgetModel;
  protected readonly values: Values = {};
  private comm: Comm | undefined;
  private readonly observers: { handler: Observer; names: ReadonlySet<string> | undefined }[] = [];
  private readonly messageHandlers = new Set<MessageHandler>();

  /** @throws {TypeError | RangeError} when a value is invalid; then nothing has been sent */
  constructor(values: Values = {}, when: 'open' | 'open later' = 'open') {
    super();
    this.model = new.target.model;
    for (const { property, default: value } of this.model.attributes.values()) this.values[property] = value;
    Object.assign(this.values, this.adjusted(this.checked(values), 'new'));
    for (const { property, type, widget } of this.model.attributes.values())
      if (type === 'reference') this.values[property] ??= this.part(widget!, {});
    if (when === 'open') this.open();
  }

  override get name(): string {
    return this.model.name;
  }

  override get modelId(): string {
    if (this.comm === undefined) throw new Error(`${this.name}: it has not been opened yet`);
    return this.comm.commId;
  }

  /** Changes several attributes in one message. */
  set(values: Values): void {
    this.apply(this.adjusted(this.checked(values), 'cell'), (handler, change) => handler(change));
  }

  observe(handler: Observer, names?: string | readonly string[]): void {
    for (const name of [names ?? []].flat()) this.attribute(name);
    this.observers.push({ handler, names: names === undefined ? undefined : new Set([names].flat()) });
  }

  /** Without arguments removes all handlers. */
  unobserve(handler?: Observer, names?: string | readonly string[]): void {
    const key = JSON.stringify([names ?? []].flat().toSorted());
    const isMeant = (o: (typeof this.observers)[number]) =>
      (handler === undefined || o.handler === handler) &&
      (names === undefined || JSON.stringify([...(o.names ?? [])].toSorted()) === key);
    this.observers.splice(0, Infinity, ...this.observers.filter((o) => !isMeant(o)));
  }

  /** Sends a message of its own kind to the front end's side of the widget. */
  send(content: unknown, buffers: readonly ArrayBufferView[] = []): void {
    this.comm?.send({ method: 'custom', content }, { buffers });
  }

  /** Registers a handler of messages that the front end's side sends. */
  onMsg(handler: MessageHandler): void {
    this.messageHandlers.add(handler);
  }

  addClass(name: string): this {
    this.set({ domClasses: [...new Set([...(this.values.domClasses as string[]), name])] });
    return this;
  }

  removeClass(name: string): this {
    this.set({ domClasses: (this.values.domClasses as string[]).filter((other) => other !== name) });
    return this;
  }

  /** Removes it from all front ends. */
  close(): void {
    if (this.comm === undefined) return;
    liveWidgets.delete(this.comm.commId);
    this.comm.close();
  }

  [displaySymbol](): Record<string, unknown> {
    const text = { 'text/plain': String(this) };
    if (!this.comm?.isOpen || this.values._view_name === null) return text;
    return { ...text, [viewMime]: { version_major: 2, version_minor: 0, model_id: this.modelId } };
  }

  /** The text of Shift-Tab for a variable that holds it. */
  [Symbol.for('Jupyter.summary')](): string {
    return String(this);
  }

  /** Lists the attributes that differ from their defaults. */
  override toString(): string {
    const said = [...this.model.attributes.values()].filter(
      (a) => !isHidden(a) && a.type !== 'reference' && !same(a, this.values[a.property], a.default),
    );
    const value = said.filter(({ property }) => property === 'value');
    const parts = [...value, ...said.filter((a) => !value.includes(a))].map(
      ({ property }) => `${property}: ${shown(this.values[property])}`,
    );
    const text = parts.length === 0 ? `${this.name}()` : `${this.name}({ ${parts.join(', ')} })`;
    return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** The state that a front end needs to recreate the widget. */
  describe(): Values {
    return {
      model_name: this.values._model_name,
      model_module: this.values._model_module,
      model_module_version: this.values._model_module_version,
      state: this.state(),
    };
  }

  /** Creates the widget of an attribute from a plain object. */
  private part(name: string, values: Values): Widget {
    return new (widgetClasses.get(name)!)(values, 'open later');
  }

  /** Opens the widgets it refers to, then itself. */
  private open(): void {
    if (this.comm !== undefined) return;
    this.openParts(this.values);
    const { state, paths, buffers } = separateBuffers(this.state());
    const comm = new Comm({
      target_name: 'jupyter.widget',
      data: { state, buffer_paths: paths },
      metadata: protocol,
      buffers,
    });
    this.comm = comm;
    liveWidgets.set(comm.commId, this);
    comm.onMsg((message) => this.receive(message));
    comm.onClose(() => liveWidgets.delete(comm.commId));
  }

  private openParts(values: Values): void {
    for (const value of Object.values(values)) if (value instanceof Widget) value.open();
  }

  protected attribute(property: string): Attribute {
    const attribute = this.model.attributes.get(property);
    if (attribute !== undefined && !isHidden(attribute)) return attribute;
    const names = [...this.model.attributes.values()].filter((a) => !isHidden(a)).map((a) => a.property);
    throw new TypeError(`${this.name} has no attribute '${property}'; it has ${names.join(', ')}`);
  }

  /** @throws {TypeError} when the model has no such attribute */
  nameOnWire(property: string): string {
    const { name, local } = this.attribute(property);
    if (local) throw new TypeError(`${this.name}: front ends do not know '${property}'; they know 'index'`);
    return name;
  }

  /** Validated values; `undefined` ones are omitted. */
  private checked(values: Values): Values {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    return Object.fromEntries(
      given.map(([property, value]) => {
        const attribute = this.attribute(property);
        const { type, widget } = attribute;
        if (type === 'reference' && !(value instanceof Widget) && typeof value === 'object')
          return [property, this.part(widget!, (value ?? {}) as Values)];
        const own = ArrayBuffer.isView(value)
          ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
          : value;
        check(attribute, own, `${this.name}: ${property}`);
        // Frozen copy: a change of the array itself would not reach the front end.
        return [property, Array.isArray(own) && !attribute.local ? Object.freeze([...own]) : own];
      }),
    );
  }

  /**
   * Adds dependent changes, and adjusts values to each other.
   * @throws {RangeError} when they conflict
   */
  protected adjusted(changes: Values, _origin: Origin): Values {
    return changes;
  }

  /**
   * Applies changes, sends them to the front ends, then calls the observers.
   * @param received values from a front end, which are not sent back
   */
  private apply<T>(changes: Values, call: (handler: Observer, change: Change) => T, received: Values = {}): T[] {
    const attributes = Object.keys(changes).map((property) => this.model.attributes.get(property)!);
    const changed = attributes
      .filter((a) => !same(a, this.values[a.property], changes[a.property]))
      .map(({ property }) => ({ name: property, old: this.values[property], new: changes[property] }));
    this.openParts(changes);
    Object.assign(this.values, changes);
    const unknown = attributes.filter((a) =>
      a.property in received
        ? !same(a, received[a.property], this.values[a.property])
        : changed.some(({ name }) => name === a.property),
    );
    this.sendState(unknown);
    return changed.flatMap((change) =>
      this.observers
        .filter(({ names }) => names === undefined || names.has(change.name))
        .map(({ handler }) => call(handler, { ...change, owner: this, type: 'change' })),
    );
  }

  /** Attributes by their names on the wire. */
  private state(attributes: Iterable<Attribute> = this.model.attributes.values()): Values {
    const synced = [...attributes].filter(({ local }) => !local);
    return Object.fromEntries(synced.map((a) => [a.name, toWire(a, this.values[a.property])]));
  }

  private sendState(attributes?: readonly Attribute[]): void {
    const { state, paths, buffers } = separateBuffers(this.state(attributes));
    if (!this.comm?.isOpen || Object.keys(state).length + paths.length === 0) return;
    this.comm.send({ method: 'update', state, buffer_paths: paths }, { buffers });
  }

  private async receive({ data, buffers }: Received): Promise<void> {
    if (data.method === 'request_state') this.sendState();
    else if (data.method === 'custom') {
      await this.receiveCustom(data.content, buffers);
      for (const handler of [...this.messageHandlers]) await guarded(handler, data.content, buffers);
    } else if (data.method === 'update') {
      const paths = (data.buffer_paths ?? []) as (string | number)[][];
      await this.receiveState(restoreBuffers((data.state ?? {}) as Values, paths, buffers));
    }
  }

  /** Handles messages of the widget itself. */
  protected async receiveCustom(_content: unknown, _buffers: Uint8Array[]): Promise<void> {}

  private async receiveState(wire: Values): Promise<void> {
    const known = [...this.model.attributes.values()].filter((a) => a.name in wire && !a.local);
    // Other front ends need the change too. Uploaded files are of use only to their sender.
    const echoed = known.filter(({ name }) => !(this.name === 'FileUpload' && name === 'value'));
    if (echoed.length > 0) {
      const { state, paths, buffers } = separateBuffers(
        Object.fromEntries(echoed.map(({ name }) => [name, wire[name]])),
      );
      this.comm?.send({ method: 'echo_update', state, buffer_paths: paths }, { buffers });
    }
    const received = Object.fromEntries(known.map((a) => [a.property, fromWire(a, wire[a.name])]));
    const changes = this.adjusted(received, 'front end');
    const calls = this.apply(changes, (handler, change) => () => guarded(handler, change), received);
    for (const call of calls) await call();
  }
}

/** How cells read and change an attribute. */
export function defineProperties(target: WidgetClass): void {
  for (const attribute of target.model.attributes.values()) {
    const { property } = attribute;
    if (isHidden(attribute)) continue;
    Object.defineProperty(target.prototype, property, {
      get(this: Widget & { values: Values }) {
        return this.values[property];
      },
      set(this: Widget, value: unknown) {
        this.set({ [property]: value });
      },
      enumerable: true,
      configurable: true,
    });
  }
}
