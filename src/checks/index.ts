export { explain } from './explain';
export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck';
export { Graph, graph } from './graph';
export type { Names } from './trace';
