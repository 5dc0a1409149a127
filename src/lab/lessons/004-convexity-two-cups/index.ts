export { bendOf, type TwoLayers, twoLayers } from './two-layers';
