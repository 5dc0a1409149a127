/**
 * Writes `{ x }` out as `{ x: x }` where `x` may be a variable of an earlier cell. tslab moves such variables into an
 * object and renames every use of them, but overlooks this one, which then fails with "x is not defined". The meaning
 * is the same in object literals and in destructuring.
 *
 * @param {typeof import('typescript')} ts the compiler
 * @param {string} earlier declarations of earlier cells
 * @param {string} source the cell
 */
export function writeOutShorthand(ts, earlier, source) {
  const places = [];
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node) && isDeclared(node.name.text, earlier)) places.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, false));
  // From the end, so that earlier positions hold.
  return places
    .sort((a, b) => b.end - a.end)
    .reduce((text, name) => `${text.slice(0, name.end)}: ${name.text}${text.slice(name.end)}`, source);
}

function isDeclared(name, earlier) {
  const literal = name.replaceAll('$', '\\$');
  return new RegExp(`(?<![\\w$])${literal}(?![\\w$])`).test(earlier);
}
