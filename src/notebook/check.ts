import { markdown, show } from '../display';

/**
 * Checks the answer to an exercise: shows “✓ Right.” if `condition` is true, and the hint otherwise. It never fails the
 * run. A condition given as a function may throw, as half-written answers do; then the hint is shown with the error.
 */
export function check(condition: boolean | (() => boolean), hint: string): void {
  let error = '';
  try {
    if ((typeof condition === 'function' ? condition() : condition) === true) {
      show(markdown('✓ **Right.**', '✓ Right.'));
      return;
    }
  } catch (thrown) {
    error = String(thrown).replaceAll('`', "'");
  }
  const [code, text] = error === '' ? ['', ''] : [`\n\nThe check ended with \`${error}\``, ` (${error})`];
  show(markdown(`… **Not yet.** ${hint}${code}`, `… Not yet. ${hint}${text}`));
}
