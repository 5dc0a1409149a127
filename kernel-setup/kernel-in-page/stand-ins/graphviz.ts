// Graphviz, which is a file of its own: the heaviest one, and the first drawing asks for it.
import type * as graphviz from '@viz-js/viz';
import { importAddress } from '../import-address';

export const instance: typeof graphviz.instance = async () =>
  ((await importAddress(new URL('./viz.mjs', import.meta.url).href)) as typeof graphviz).instance();
