import { markdown, show } from '../../display';

/** Returns whether an answer is correct, and a remark; `error` is what its check threw. */
export function respond(isRight: boolean, remark = '', error = ''): void {
  const [mark, word] = isRight ? ['✓', 'Right.'] : ['…', 'Not yet.'];
  const [code, text] =
    error === '' ? ['', ''] : [`\n\nThe check ended with \`${error.replaceAll('`', "'")}\``, ` (${error})`];
  const rest = remark === '' ? '' : ` ${remark}`;
  show(markdown(`${mark} **${word}**${rest}${code}`, `${mark} ${word}${rest}${text}`));
}
