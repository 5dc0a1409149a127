// Marks of statements: small dots behind sentences, each of which opens the card of its statement. What a card shows is the entry of the
// section's list (src/lab/notebook/about-the-note.ts), so that every text has one source. A mark without its script is a link to the list.
import { closeCard, isInCard, openCard, openMark } from './card';
import { look } from './look';

/** What a page with marks gives. */
export interface MarkHost {
  /** A copy of the entry of a statement; undefined where the list is not there. */
  entryOf(id: string): HTMLElement | undefined;
  /** Whether a measurement of the statement broke its bound. */
  hasFailed(id: string): boolean;
  /** Goes to the cell that lists the statement, and opens it. @param address `#` and the cell, as the mark has it */
  goTo(id: string, address: string): void;
  /** Has the formulas of a card set, where the page does that. */
  typeset?(node: HTMLElement): void;
}

const name = 'gradlab-note-mark';
const isId = (title: string): boolean => /^[A-Z]\d{2,3}$/.test(title);

const hosts = new Map<Element, MarkHost>();

/**
 * Makes marks of the links in a part of a page, now and whenever it changes.
 * @param root what has the links
 * @returns `refresh` is to be called when a statement may have failed, or no longer
 */
export function watchMarks(root: Element, host: MarkHost): { refresh(): void; dispose(): void } {
  look();
  listen();
  hosts.set(root, host);
  let asked = 0;
  const refresh = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => dressAll(root, host));
  };
  const observer = new MutationObserver(refresh);
  observer.observe(root, { childList: true, subtree: true });
  dressAll(root, host);
  return {
    refresh,
    dispose: () => {
      observer.disconnect();
      cancelAnimationFrame(asked);
      hosts.delete(root);
      const mark = openMark();
      if (mark && root.contains(mark)) closeCard(false);
    },
  };
}

function dressAll(root: Element, host: MarkHost): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>('a[title][href*="#"]'))
    if (isId(link.title) && link.textContent === '·') dress(link, host.hasFailed(link.title));
}

function dress(mark: HTMLAnchorElement, hasFailed: boolean): void {
  if (!mark.classList.contains(name)) {
    mark.classList.add(name);
    mark.setAttribute('role', 'button');
    mark.setAttribute('aria-haspopup', 'dialog');
    mark.setAttribute('aria-expanded', 'false');
  }
  mark.toggleAttribute('data-failed', hasFailed);
  mark.setAttribute('aria-label', `${labelOf(mark)}${hasFailed ? ', failed' : ''}`);
}

const labelOf = (mark: HTMLAnchorElement): string => `The note, statement ${mark.title}`;

let isListening = false;

/**
 * Hears what is done to marks before JupyterLab does, which would follow the link, select the cell or edit it. The last of these are
 * not heard by anything else.
 */
function listen(): void {
  if (isListening) return;
  isListening = true;
  for (const type of ['mousedown', 'mouseup', 'dblclick', 'click', 'keydown'])
    addEventListener(type, onMark as EventListener, true);
  addEventListener(
    'pointerdown',
    ({ target }) => {
      if (openMark() && target instanceof Node && !isInCard(target) && !markAt(target)) closeCard(false);
    },
    true,
  );
  addEventListener('keydown', onEscape, true);
}

function onEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || !openMark()) return;
  event.stopPropagation();
  closeCard(true);
}

function onMark(event: MouseEvent | KeyboardEvent): void {
  const mark = markAt(event.target);
  if (!mark) return;
  // Whoever wants the link in another tab gets it.
  if (event instanceof MouseEvent && (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey)) return;
  if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
  event.stopPropagation();
  if (event.type === 'mousedown') return;
  event.preventDefault();
  if (event.type !== 'click' && event.type !== 'keydown') return;
  if (openMark() === mark) closeCard(true);
  else show(mark);
}

const markAt = (target: EventTarget | null): HTMLAnchorElement | null =>
  target instanceof Element ? target.closest<HTMLAnchorElement>(`a.${name}`) : null;

function show(mark: HTMLAnchorElement): void {
  const id = mark.title;
  const host = [...hosts].find(([root]) => root.contains(mark))?.[1];
  if (!host) return;
  const goTo = () => host.goTo(id, mark.getAttribute('href') ?? '');
  const entry = host.entryOf(id);
  if (!entry) {
    closeCard(false);
    goTo();
    return;
  }
  for (const node of [entry, ...entry.querySelectorAll('[id]')]) node.removeAttribute('id');
  const card = openCard(mark, entry, labelOf(mark), goTo);
  host.typeset?.(card);
}

/** The entry of a statement in a list. */
export const entrySelector = (id: string): string => `.gradlab-statement-${id}`;
