import { page } from './page';
import { python } from './python';
import { tslab } from './tslab';
import { typescript } from './typescript';

/** What not every language or kernel can say. */
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

/** What the checks run. */
export type Snippets = Omit<typeof typescript, Optional> & {
  [Name in Optional]: (typeof typescript)[Name] | undefined;
};

/** A piece of code with a cursor, `|`, or else the cursor at its end; and the code with the completion put in. */
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
