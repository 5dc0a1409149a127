// Generators of small data sets with known truth.
export { type Blobs, type BlobsOptions, blobs } from './blobs';
export { type ClustersOptions, clusters, corners } from './clusters';
export { type Friedman1Options, friedman1 } from './friedman1';
export { line200 } from './line200';
export { type RingsOptions, rings } from './rings';
export { type WaveOptions, wave } from './wave';
