// Jupyter counts code points, JavaScript UTF-16 units. An emoji is one code point and two units.

/** The index in UTF-16 units of code point number `position`; the text's end if there are fewer. */
export function toUnits(text: string, position: number): number {
  let units = 0;
  let left = position;
  for (const point of text) {
    if (left <= 0) break;
    left -= 1;
    units += point.length;
  }
  return units;
}

/** The number of code points before `offset`. */
export function toPoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length;
}
