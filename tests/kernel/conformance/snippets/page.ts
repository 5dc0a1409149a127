import type { Snippets } from '.';
import { typescript } from './typescript';

/** TypeScript in a page, with gradlab instead of Node's modules. */
export const page = {
  ...typescript,
  importNamed: { cell: 'import { tensor } from "gradlab";\ntensor([1, 2]).shape', shown: '[ 2 ]' },
  completeImport: { setUp: 'import * as lab from "gradlab";', code: 'lab.tens', gives: 'lab.tensor' },
  completeInImport: {
    setUp: '',
    code: 'import { tenso| } from "gradlab";',
    gives: 'import { tensor } from "gradlab";',
  },
} satisfies Snippets;
