export { type RoadsOptions, roads } from './roads';
