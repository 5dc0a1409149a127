export { Graph } from './dot';
export { explain } from './explain';
export { graph } from './graph';
export { type DepthOptions, depth } from './longest-chain';
export type { ModuleGraphOptions } from './module-graph';
export {
  type KeptValue,
  type NodeMemory,
  type OperationMemory,
  TapeMemory,
  type TapeMemoryOptions,
  tapeMemory,
} from './tape-memory';
export type { Names } from './trace';
