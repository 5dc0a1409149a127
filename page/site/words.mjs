// The words of a text as the search compares them. The build of the index and the page that searches share it.

/** Stop words. "Not" is not among them: readers ask why something does not learn. */
const empty = new Set(
  (
    'a after all also an and any are as at be been between but by can could did do does doing for from get gets go goes going had has have how i if in into is it its just ' +
    'may me most my of on one or our s should so some t than that the their them then there these they this to too up use used using very was ' +
    'we were what when where which who whose why will with would you your'
  ).split(' '),
);

/** A word without the endings that differ between singular and plural, verb and noun, British and American spelling. @param {string} word */
function stem(word) {
  if (word.length < 4 || /\d/.test(word)) return word;
  const short = word
    .replace(/is(e|ed|es|ing|ation|ations|er|ers)$/, 'iz$1')
    .replace(/(ss|sh|ch|x|zz)es$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/([^suif])s$/, '$1')
    .replace(/(.{3}iz)(ation|er|ing|ed|e)$/, '$1')
    .replace(/(.{3})(ation|ating|ated|ate)$/, '$1at')
    .replace(/(.{3})(ing|ed)$/, '$1')
    .replace(/(.{5})er$/, '$1')
    .replace(/(.{2})ly$/, '$1')
    .replace(/([b-df-hj-km-np-rtv-y])\1$/, '$1');
  return short.length > 3 ? short.replace(/e$/, '') : short;
}

const negation = /\b(\w+n['’]t|cannot|never|without|no)\b/g;

/**
 * Returns the stems of a text in order. A name in camelCase, or with hyphens, dots or underscores, contributes its
 * parts and the whole name, so that crossEntropy, cross-entropy and cross entropy match each other.
 * @param {string} text
 * @param {{ whole?: boolean }} [options] `whole`: with names as a whole
 * @returns {string[]}
 */
export function stemsOf(text, { whole = true } = {}) {
  /** @type {string[]} */
  const stems = [];
  for (const [name] of text
    .normalize('NFKC')
    .replace(negation, 'not')
    .matchAll(/[\p{L}\p{N}]+(?:[-_.‑][\p{L}\p{N}]+)*/gu)) {
    const parts = name
      .replace(/([a-z\d])([A-Z])|([a-z]{3})(\d)/g, '$1$3 $2$4')
      .split(/[-_.‑\s]+/)
      .map((part) => part.toLowerCase());
    for (const part of parts) if (!empty.has(part)) stems.push(stem(part));
    if (whole && parts.length > 1) stems.push(stem(parts.join('')));
  }
  return stems;
}
