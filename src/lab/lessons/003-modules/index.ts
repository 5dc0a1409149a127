export { type BlockFlowOptions, blockFlow, type Flow } from './block-flow';
