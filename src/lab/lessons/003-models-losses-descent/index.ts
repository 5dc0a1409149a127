export { type Block, type BlocksOptions, blocks } from './blocks';
export { type Lane, type LanesOptions, lanes } from './lanes';
export { type TwoWells, twoWells } from './two-wells';
