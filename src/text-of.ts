/** A value as messages print it, whatever it is: objects without a prototype have no text, and lists may go round in a circle. @internal */
export function textOf(value: unknown, inList = false): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return inList ? 'an array' : `[${Array.from(value, (v) => textOf(v, true)).join(', ')}]`;
  try {
    return String(value);
  } catch {
    return 'an object';
  }
}
