export { type Block, type BlocksOptions, blocks } from './blocks';
export { type TwoWells, twoWells } from './two-wells';
