export { type KinksOptions, type KinkUnit, kinks } from './kinks';
export { type RasterOptions, type RowGroup, raster } from './raster';
export { type UnitRaster, type UnitRasterOptions, unitRaster } from './unit-raster';
