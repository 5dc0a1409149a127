import { markdown, show } from '../display';

/**
 * Checks the answer to an exercise: shows “✓ Right.” if `condition` is true, and the hint otherwise. It never fails the
 * run. A condition given as a function may throw, as half-written answers do; then the hint is shown, too.
 */
export function check(condition: boolean | (() => boolean), hint: string): void {
  show(
    isMet(condition) ? markdown('✓ **Right.**', '✓ Right.') : markdown(`… **Not yet.** ${hint}`, `… Not yet. ${hint}`),
  );
}

function isMet(condition: boolean | (() => boolean)): boolean {
  if (typeof condition !== 'function') return condition === true;
  try {
    return condition() === true;
  } catch {
    return false;
  }
}
