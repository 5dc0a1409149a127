// Widgets that perform an action instead of holding a value.
import { guarded } from '../comms';
import { shown } from './values';
import { type Origin, type Values, Widget } from './widget';

type ClickHandler = (button: Button) => unknown;

export class Button extends Widget {
  private readonly clickHandlers = new Set<ClickHandler>();

  /** @param remove removes the handler instead */
  onClick(handler: ClickHandler, remove = false): void {
    if (remove) this.clickHandlers.delete(handler);
    else this.clickHandlers.add(handler);
  }

  /** Simulates a click. */
  click(): void {
    for (const handler of [...this.clickHandlers]) handler(this);
  }

  protected override async receiveCustom(content: unknown): Promise<void> {
    if ((content as { event?: unknown } | null)?.event !== 'click') return;
    for (const handler of [...this.clickHandlers]) await guarded(handler, this);
  }
}

/** A widget and one of its attributes. */
export type Place = readonly [widget: Widget, property: string];

/** Keeps attributes of two widgets equal inside the front end, without the kernel. */
export class Link extends Widget {
  protected override adjusted(changes: Values, origin: Origin): Values {
    const places = Object.entries(changes).map(([end, place]) => [end, this.onWire(end, place)]);
    return { ...super.adjusted(changes, origin), ...Object.fromEntries(places) };
  }

  /** The place with the attribute's name on the wire. */
  private onWire(end: string, place: unknown): unknown {
    const [widget, property] = Array.isArray(place) ? (place as unknown[]) : [];
    if (!(widget instanceof Widget) || typeof property !== 'string')
      throw new TypeError(
        `${this.name}: ${end} takes a widget and the name of its attribute, such as [slider, 'value'], not ${shown(place)}`,
      );
    return [widget, widget.nameOnWire(property)];
  }

  unlink(): void {
    this.close();
  }
}
