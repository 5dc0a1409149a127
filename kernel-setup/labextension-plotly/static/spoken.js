// What a page says to screen readers when something has been answered: politely, after what they are reading.

let region;

/** The page's one place for it. Screen readers hear changes of what was there before. */
function place() {
  if (!region?.isConnected) {
    region = document.createElement('div');
    region.className = 'gradlab-spoken';
    region.setAttribute('role', 'status');
    region.style.cssText = 'position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)';
    document.body.append(region);
  }
  return region;
}

export function say(text) {
  const node = place();
  // The same words again are a change as well.
  node.textContent = '';
  setTimeout(() => {
    node.textContent = text;
  }, 100);
}

/** What stands in an element, each formula once and without its narrow spaces. */
export function wordsOf(element) {
  const copy = element.cloneNode(true);
  for (const double of copy.querySelectorAll('.katex-html, annotation')) double.remove();
  return copy.textContent
    .replace(/[\u2000-\u200a]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The same where formulas may not be set yet. */
export const lettersOf = (element) => wordsOf(element).replace(/\$|\\[,;:!]?/g, '');

/** Says what the checks of exercises among the outputs of a cell, as the notebook keeps them, have found. */
export function sayChecks(outputs) {
  const texts = outputs.map(({ data }) => [data?.['text/plain'] ?? ''].flat().join(''));
  const found = texts.filter((text) => /^[✓…] (Right|Not yet)\./.test(text));
  if (found.length > 0) say(found.map((text) => text.slice(2)).join(' '));
}
