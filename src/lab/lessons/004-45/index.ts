export { descendInValleys, descendWithNoise, valleys, type WalkOfOne, type WalkOfOneOptions } from './valleys';
