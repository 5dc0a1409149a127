// What a page says to screen readers when something has been answered: politely, after what they are reading.
import type { StoredOutput } from '../jupyterlab';

let region: HTMLElement | undefined;

/** The page's live region. Screen readers announce only changes of an element that was there before. */
function place(): HTMLElement {
  if (!region?.isConnected) {
    region = document.createElement('div');
    region.className = 'gradlab-spoken';
    region.setAttribute('role', 'status');
    region.style.cssText = 'position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)';
    document.body.append(region);
  }
  return region;
}

export function say(text: string): void {
  const node = place();
  // Cleared first, so that the same text is a change, too.
  node.textContent = '';
  setTimeout(() => {
    node.textContent = text;
  }, 100);
}

/** The text of an element, each formula once and without its narrow spaces. */
export function wordsOf(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const double of copy.querySelectorAll('.katex-html, annotation')) double.remove();
  return (copy.textContent ?? '')
    .replace(/[\u2000-\u200a]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The same where formulas may not be set yet. */
export const lettersOf = (element: Element): string => wordsOf(element).replace(/\$|\\[,;:!]?/g, '');

/** Says what the checks of exercises among the outputs of a cell, as the notebook keeps them, have found. */
export function sayChecks(outputs: readonly StoredOutput[]): void {
  const texts = outputs.map(({ data }) => [data?.['text/plain'] ?? ''].flat().join(''));
  const found = texts.filter((text) => /^[✓…] (Right|Not yet)\./.test(text));
  if (found.length > 0) say(found.map((text) => text.slice(2)).join(' '));
}
