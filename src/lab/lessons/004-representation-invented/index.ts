export {
  around,
  outputsAt,
  type Reading,
  type RingNet,
  type RingNetOptions,
  reading,
  ringNet,
  ringNets,
  shareRight,
} from './ring-net';
export { levelLines, type Rise, rise } from './rise';
