/** The names by which a compiled cell knows what it is given and what the compiler adds: no cell declares such names. */
export const given = {
  vars: '__gradlab_vars',
  define: '__gradlab_define',
  import: '__gradlab_import',
  result: '__gradlab_result',
  meta: '__gradlab_meta',
  require: '__gradlab_require',
  /** What keeps requests: see compiler/awaits.ts. */
  flow: '__gradlab_flow',
  /** A request that is remembered; a number follows. */
  parent: '__gradlab_parent',
  /** What is assigned to a name from outside. */
  value: '__gradlab_value',
  /** A loaded module; a number follows. */
  module: '__gradlab_module',
} as const;

/** The name of the last result, unless a cell has declared it. */
export const lastResult = '_';

/** What loops and functions ask, as compiler/stoppable-loops.ts and, in a page, kernel-in-page/stoppable.ts have written it. */
const polls = new RegExp(
  [
    String.raw`\s*if \(--__gradlab_\w+(\[0\])? < 0\)\s+[\w\s=.]*__gradlab_flow\.\w+\(\w*\);`,
    String.raw`--__gradlab_calls\[0\] < 0 && __gradlab_flow\.pollCall\(\), `,
    String.raw`\s*(let|const) __gradlab_(left|calls) = [^;]*;`,
    String.raw`\s*__gradlab_flow\.(pollLoop\(0\)|poll\(\));`,
  ].join('|'),
  'g',
);

/** A text of the engine, which knows compiled code, in the words of who typed the cell. */
export const inOwnWords = (text: string): string =>
  text
    .replace(polls, '')
    .replace(/\(0 ?, ?__gradlab_vars\.([^\s().]+)\)/g, '$1')
    .replaceAll(`${given.vars}.`, '')
    .replaceAll(given.meta, 'import.meta')
    .replace(/__gradlab_module\d+\.?/g, '');

/** Whether a name in compiled code is one of those. */
export const isGiven = (name: string): boolean => name.includes('__gradlab_');
