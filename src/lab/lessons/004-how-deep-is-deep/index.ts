export { type RoundsOptions, type RoundsRow, rounds } from './rounds';
