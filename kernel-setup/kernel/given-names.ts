/** Names in compiled code of the cell's parameters and of the compiler's insertions. No cell can declare them. */
export const given = {
  vars: '__gradlab_vars',
  define: '__gradlab_define',
  import: '__gradlab_import',
  result: '__gradlab_result',
  meta: '__gradlab_meta',
  require: '__gradlab_require',
  /** The functions that keep requests; see compiler/awaits.ts. */
  flow: '__gradlab_flow',
  /** A variable that holds a request; a number follows. */
  parent: '__gradlab_parent',
  /** The parameter of setters for other cells. */
  value: '__gradlab_value',
  /** A loaded module; a number follows. */
  module: '__gradlab_module',
} as const;

/** The name of the last result, unless a cell declares it. */
export const lastResult = '_';

/** The polls that compiler/stoppable-loops.ts and, in a page, kernel-in-page/stoppable.ts insert. */
const polls = new RegExp(
  [
    String.raw`\s*if \(--__gradlab_\w+(\[0\])? < 0\)\s+[\w\s=.]*__gradlab_flow\.\w+\(\w*\);`,
    String.raw`--__gradlab_calls\[0\] < 0 && __gradlab_flow\.pollCall\(\), `,
    String.raw`\s*(let|const) __gradlab_(left|calls) = [^;]*;`,
    String.raw`\s*__gradlab_flow\.(pollLoop\(0\)|poll\(\));`,
  ].join('|'),
  'g',
);

/** Rewrites an engine's text about compiled code in terms of the source. */
export const inOwnWords = (text: string): string =>
  text
    .replace(polls, '')
    .replace(/\(0 ?, ?__gradlab_vars\.([^\s().]+)\)/g, '$1')
    .replaceAll(`${given.vars}.`, '')
    .replaceAll(given.meta, 'import.meta')
    .replace(/__gradlab_module\d+\.?/g, '');

/** Whether a name in compiled code is one of these. */
export const isGiven = (name: string): boolean => name.includes('__gradlab_');
