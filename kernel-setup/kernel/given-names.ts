/** The names by which a compiled cell knows what it is given and what the compiler adds: no cell declares such names. */
export const given = {
  vars: '__gradlab_vars',
  define: '__gradlab_define',
  import: '__gradlab_import',
  result: '__gradlab_result',
  meta: '__gradlab_meta',
  require: '__gradlab_require',
  /** What is assigned to a name from outside. */
  value: '__gradlab_value',
  /** A loaded module; a number follows. */
  module: '__gradlab_module',
} as const;

/** Whether a name in compiled code is one of those. */
export const isGiven = (name: string): boolean => name.includes('__gradlab_');
