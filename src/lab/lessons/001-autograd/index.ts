export { type TapeArrow, type TapeBox, type TapeBoxesOptions, tapeBoxes } from './tape-boxes';
