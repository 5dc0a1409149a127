import { page } from './page';
import { python } from './python';
import { tslab } from './tslab';
import { typescript } from './typescript';

/** Snippets that not every language or kernel has. */
type Optional =
  | 'richAsync'
  | 'clear'
  | 'typeErrorCell'
  | 'openComm'
  | 'registerTarget'
  | 'commWithBuffers'
  | 'widget'
  | 'input'
  | 'password';

/** The snippets of the checks. */
export type Snippets = Omit<typeof typescript, Optional> & {
  [Name in Optional]: (typeof typescript)[Name] | undefined;
};

/** Code with a cursor, `|`, else at its end; and the code after the completion. */
export interface Completing {
  setUp: string;
  code: string;
  gives: string | RegExp;
}

export const languageOf = (kernel: string): 'ts' | 'py' => (kernel === 'ipykernel' ? 'py' : 'ts');

export function snippets(kernel: string): Snippets {
  if (kernel === 'ipykernel') return python;
  if (kernel === 'page') return page;
  return kernel === 'tslab' ? tslab : typescript;
}
