// The accepted licences of dependencies and of distributed code.

/**
 * Licences that permit redistribution with code under MIT, unchanged; MPL-2.0 and EPL-2.0 for unmodified files, fonts
 * and icons under the last two.
 */
const accepted = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSD',
  'EPL-2.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
  'CC-BY-4.0',
  'OFL-1.1',
];

/**
 * Parts of an expression such as `(MIT AND Zlib)` or `MIT OR Apache-2.0` that are not accepted: one of several
 * alternatives is enough.
 */
export function notAccepted(expression) {
  if (expression === undefined) return ['no licence'];
  const alternatives = expression.replace(/[()]/g, '').split(/ OR /i);
  const left = alternatives.map((all) => all.split(/ AND | WITH /i).filter((one) => !accepted.includes(one.trim())));
  return left.some((missing) => missing.length === 0) ? [] : left.flat();
}
