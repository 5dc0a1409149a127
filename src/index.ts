/** gradlab: tensors, autograd and figures for deep-learning notebooks in TypeScript. */
export const version = '0.1.0';
export type { Displayable, MimeBundle, ShowOptions } from './display';
export { displaySymbol, html, markdown, show } from './display';
export { check, claim } from './notebook';
export * as plot from './plot';
export * from './autograd';
export * from './errors';
export * from './ops/functions';
export * from './tensor';
