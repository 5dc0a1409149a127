// A card of one statement, laid over the page beside its mark. Nothing in the page moves: height and scroll position stay.

interface Open {
  mark: HTMLAnchorElement;
  node: HTMLElement;
}

let open: Open | undefined;

/** The mark whose card is open. */
export const openMark = (): HTMLAnchorElement | undefined => open?.mark;

/** Whether a node is the open card, or in it. */
export const isInCard = (node: Node): boolean => open?.node.contains(node) ?? false;

/** Closes the card that is open. @param back whether the focus goes back to its mark */
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
 * Opens the card of a mark, in place of one that is open.
 * @param content what it shows, which it takes
 * @param label its name
 * @param goTo leads to the cell that measures
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

/** The card stands last in the page: Tab leaves it to its mark, from which the browser goes on. */
function leaveAtItsEnds(event: KeyboardEvent): void {
  if (event.key !== 'Tab' || !open) return;
  const stops = [...open.node.querySelectorAll<HTMLElement>('a[href], button')];
  const end = event.shiftKey ? [stops[0], open.node] : [stops.at(-1)];
  if (end.includes(document.activeElement as HTMLElement)) closeCard(true);
}

/** What stays free around a card, in pixels. */
const margin = 8;

const placeAgain = (): void => {
  if (open) place(open);
};

/** Below the line of the mark, or above it where there is more room, and inside the window. On a phone the style sheet places it. */
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
