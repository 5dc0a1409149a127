// `console.group`: indentation is kept for each request.
import type { ParentId } from '../../process-messages';
import { currentParent } from '../parent/parent';

const printing = [
  'log',
  'info',
  'debug',
  'warn',
  'error',
  'dir',
  'dirxml',
  'table',
  'trace',
  'assert',
  'count',
  'timeEnd',
];

/** Limits the indentation of `console.group` to the request that called it. */
export function groupByCell(): void {
  const { group, groupEnd } = console;
  const depths = new Map<ParentId, number>();
  let depth = 0;
  /** Sets the console to the indentation of the current request. */
  const align = () => {
    const wanted = depths.get(currentParent()) ?? 0;
    for (; depth < wanted; depth++) group();
    for (; depth > wanted; depth--) groupEnd();
  };
  for (const name of [...printing, 'timeLog'] as 'log'[]) {
    const print = console[name];
    console[name] = (...values: unknown[]) => {
      align();
      print(...values);
    };
  }
  console.group = (...label: unknown[]) => {
    if (label.length > 0) console.log(...label);
    depths.set(currentParent(), (depths.get(currentParent()) ?? 0) + 1);
  };
  console.groupCollapsed = console.group;
  console.groupEnd = () => {
    const left = (depths.get(currentParent()) ?? 0) - 1;
    if (left > 0) depths.set(currentParent(), left);
    else depths.delete(currentParent());
  };
}
