// A card with one statement, an overlay next to its mark. It does not change the page's height or scroll position.

interface Open {
  mark: HTMLAnchorElement;
  node: HTMLElement;
}

let open: Open | undefined;

/** The mark whose card is open. */
export const openMark = (): HTMLAnchorElement | undefined => open?.mark;

/** Whether a node is the open card or inside it. */
export const isInCard = (node: Node): boolean => open?.node.contains(node) ?? false;

/** Closes the open card. @param back whether the focus returns to its mark */
export function closeCard(back: boolean): void {
  if (!open) return;
  const { mark, node } = open;
  open = undefined;
  node.remove();
  removeEventListener('resize', placeAgain);
  mark.setAttribute('aria-expanded', 'false');
  if (back) mark.focus({ preventScroll: true });
}

/**
 * Opens the card of a mark and closes any other card.
 * @param content moved into the card
 * @param label the card's accessible name
 * @param goTo goes to the measuring cell
 */
export function openCard(mark: HTMLAnchorElement, content: Node, label: string, goTo: () => void): HTMLElement {
  closeCard(false);
  const node = document.createElement('div');
  node.className = 'gradlab-card';
  node.tabIndex = -1;
  node.setAttribute('role', 'dialog');
  node.setAttribute('aria-label', label);
  node.append(content, footOf(mark, goTo), closeButton());
  node.addEventListener('keydown', leaveAtItsEnds);
  document.body.append(node);
  open = { mark, node };
  place(open);
  addEventListener('resize', placeAgain);
  mark.setAttribute('aria-expanded', 'true');
  node.focus({ preventScroll: true });
  return node;
}

function footOf(mark: HTMLAnchorElement, goTo: () => void): HTMLElement {
  const foot = document.createElement('p');
  foot.className = 'gradlab-card-foot';
  const link = document.createElement('a');
  link.href = mark.getAttribute('href') ?? '';
  link.textContent = 'the measuring cell';
  link.addEventListener('click', (event) => {
    event.preventDefault();
    closeCard(true);
    goTo();
  });
  foot.append(link);
  return foot;
}

function closeButton(): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'gradlab-card-close';
  button.textContent = '×';
  button.setAttribute('aria-label', 'Close');
  button.addEventListener('click', () => closeCard(true));
  return button;
}

/** The card is the last element of the page. Tab at its ends focuses the mark, and the browser continues from there. */
function leaveAtItsEnds(event: KeyboardEvent): void {
  if (event.key !== 'Tab' || !open) return;
  const stops = [...open.node.querySelectorAll<HTMLElement>('a[href], button')];
  const end = event.shiftKey ? [stops[0], open.node] : [stops.at(-1)];
  if (end.includes(document.activeElement as HTMLElement)) closeCard(true);
}

/** Space around a card in pixels. */
const margin = 8;

const placeAgain = (): void => {
  if (open) place(open);
};

/** Places a card below its mark, or above if there is more room, inside the window. On phones the style sheet places it. */
function place({ mark, node }: Open): void {
  const { style } = node;
  style.maxHeight = '';
  const line = mark.getBoundingClientRect();
  const [width, height] = [document.documentElement.clientWidth, innerHeight];
  const above = line.top - 2 * margin;
  const below = height - line.bottom - 2 * margin;
  const isBelow = node.offsetHeight <= below || below >= above;
  style.maxHeight = `${Math.min(Math.max(160, isBelow ? below : above), height - 2 * margin)}px`;
  const top = isBelow ? line.bottom + margin : line.top - margin - node.offsetHeight;
  style.top = `${clamp(top, height - node.offsetHeight)}px`;
  style.left = `${clamp(line.left - 40, width - node.offsetWidth)}px`;
}

const clamp = (value: number, room: number): number => Math.max(margin, Math.min(value, room - margin));
