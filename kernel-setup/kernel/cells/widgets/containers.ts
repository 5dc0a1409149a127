// Container widgets.
import { type Origin, type Values, Widget } from './widget';

export class Box extends Widget {
  /** The children may come first, as in ipywidgets. */
  constructor(children: Values | readonly Widget[] = {}, values: Values = {}) {
    super(Array.isArray(children) ? { children, ...values } : { ...children, ...values });
  }
}

/** One child at a time, each with a title. */
export class Pages extends Box {
  protected override adjusted(changes: Values, origin: Origin): Values {
    const { children, titles, selectedIndex } = { ...this.values, ...changes } as {
      children: readonly Widget[];
      titles: readonly string[];
      selectedIndex: number | null;
    };
    const count = children.length;
    const selected = 'selectedIndex' in changes ? selectedIndex : this.selectionAmong(count, selectedIndex);
    if (selected !== null && !(selected >= 0 && selected < count))
      throw new RangeError(`${this.name}: selectedIndex ${selected} is outside the ${count} children`);
    const oneEach = Object.freeze(children.map((_, i) => titles[i] ?? ''));
    return { ...super.adjusted(changes, origin), titles: oneEach, selectedIndex: selected };
  }

  /** The page to show when the children have changed. */
  protected selectionAmong(count: number, selected: number | null): number | null {
    return selected !== null && selected < count ? selected : null;
  }

  setTitle(index: number, title: string): void {
    const titles = [...(this.values.titles as string[])];
    if (!(index in titles)) throw new RangeError(`${this.name}: there is no page ${index} among ${titles.length}`);
    titles[index] = title;
    this.set({ titles });
  }

  getTitle(index: number): string {
    return (this.values.titles as string[])[index];
  }
}

/** A page is always open. */
export class Tabs extends Pages {
  protected override selectionAmong(count: number, selected: number | null): number | null {
    return count === 0 ? null : Math.min(selected ?? 0, count - 1);
  }
}
