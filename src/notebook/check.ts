import { respond } from './respond';

/**
 * Checks the answer to an exercise: shows “✓ Right.” if `condition` is true, and the hint otherwise. It never fails the
 * run. A condition given as a function may throw, as half-written answers do; then the hint is shown with the error.
 * In a notebook, {@link exercise} keeps check and hints out of the reader's sight.
 */
export function check(condition: boolean | (() => boolean), hint: string): void {
  try {
    if ((typeof condition === 'function' ? condition() : condition) === true) respond(true);
    else respond(false, hint);
  } catch (thrown) {
    respond(false, hint, String(thrown));
  }
}
