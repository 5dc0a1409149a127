/** @typedef {{ predictions: string[], exercises: string[] }} Parts the ids of a notebook's questions and exercises */

/**
 * A notebook's questions and exercises, from its code. A module of its own, since Node needs it without a build.
 * @param {string} code
 * @returns {Parts}
 */
export function partsIn(code) {
  const idsOf = (/** @type {string} */ calls) => {
    const found = code.matchAll(new RegExp(`\\b(?:${calls})\\(\\s*["'\`]([^"'\`]+)["'\`]`, 'g'));
    return [...new Set(Array.from(found, ([, id]) => id ?? ''))];
  };
  return { predictions: idsOf('predict|ask'), exercises: idsOf('exercise') };
}
