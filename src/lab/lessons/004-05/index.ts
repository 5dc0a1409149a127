export { type RegionsOptions, regions } from './regions';
export { type PointGroup, type WarpedGridOptions, warpedGrid } from './warped-grid';
