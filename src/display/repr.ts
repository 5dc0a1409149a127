/**
 * Formats a value as Python prints it, for the printed form of modules and optimizers: `True`, `None`, `1e-05`,
 * `'mean'`, `(3, 3)`.
 */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `(${value.map(repr).join(', ')}${value.length === 1 ? ',' : ''})`;
  return typeof value === 'number' ? reprNumber(value) : String(value);
}

/** Formats a number that is a float in PyTorch as Python prints it: `1.0`. */
export function floatRepr(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : repr(value);
}

function reprNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  // Python switches to an exponent earlier than JavaScript, and writes it with two digits.
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}
