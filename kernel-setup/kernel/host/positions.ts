// Jupyter counts code points, JavaScript UTF-16 units: an emoji is one of the former and two of the latter.

/** Where the code point number `position` begins in `text`, in UTF-16 units; the end if there is none. */
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

/** How many code points stand before `offset`. */
export function toPoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length;
}
