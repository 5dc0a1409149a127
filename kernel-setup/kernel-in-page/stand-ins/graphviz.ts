// Graphviz is a separate file, the largest one, which is loaded with the first drawing.
import type * as graphviz from '@viz-js/viz';
import { importAddress } from '../import-address';

export const instance: typeof graphviz.instance = async () =>
  ((await importAddress(new URL('./viz.mjs', import.meta.url).href)) as typeof graphviz).instance();
