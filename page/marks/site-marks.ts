import { entrySelector, watchMarks } from './marks';

/** Activates the marks of a page of the site, which contains all lists. */
export function watchMarksOfPage(root: Element): void {
  const entryIn = (id: string) => root.querySelector<HTMLElement>(entrySelector(id));
  watchMarks(root, {
    entryOf: (id) => entryIn(id)?.cloneNode(true) as HTMLElement | undefined,
    hasFailed: (id) => entryIn(id)?.querySelector('.gradlab-verdict-failed') != null,
    goTo(id) {
      const list = entryIn(id)?.closest('details');
      if (!list) return;
      list.open = true;
      const code = list.querySelector<HTMLDetailsElement>('details.folded');
      if (code) code.open = true;
      const to = code ?? list;
      to.scrollIntoView();
      to.querySelector('summary')?.focus({ preventScroll: true });
    },
  });
}
