// Marks of statements: small dots after sentences. A click opens the statement's card, a copy of its entry in the section's list
// (src/lab/notebook/about-the-note.ts). Without scripts a mark is a link to the list.
import { closeCard, isInCard, openCard, openMark } from './card';
import { look } from './look';

/** What a page with marks provides. */
export interface MarkHost {
  /** Returns a copy of a statement's entry; undefined if no list has it. */
  entryOf(id: string): HTMLElement | undefined;
  /** Whether a measurement of the statement broke its bound. */
  hasFailed(id: string): boolean;
  /** Goes to the cell that lists the statement, and opens it. @param address the mark's `href` */
  goTo(id: string, address: string): void;
  /** Typesets the formulas of a card. */
  typeset?(node: HTMLElement): void;
}

const name = 'gradlab-note-mark';
const isId = (title: string): boolean => /^[A-Z]\d{2,3}$/.test(title);

const hosts = new Map<Element, MarkHost>();

/**
 * Turns links to statements into marks, now and after each change of the page.
 * @param root the element with the links
 * @returns call `refresh` when verdicts may have changed
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
 * Handles events of marks in the capture phase. Otherwise JupyterLab would follow the link, or select or edit the cell.
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
  // Modified clicks open the link in another tab.
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

/** The selector of a statement's entry in a list. */
export const entrySelector = (id: string): string => `.gradlab-statement-${id}`;
