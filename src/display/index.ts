export type { Displayable, MimeBundle } from './mime';
export { bundleOf, displaySymbol, isDisplayable, plainText, RichOutput } from './mime';
export type { NumberList, NumberMatrix, Scalar, TensorLike } from './numbers';
export { formatNumber, isTensorLike, roundTo, toPlain } from './numbers';
export { repr } from './repr';
export { html, markdown } from './rich';
export type { ShowOptions } from './show';
export { show } from './show';
