export { apartFigure, lossFigure } from './figures';
export {
  apart,
  begin,
  type Course,
  type GoOptions,
  go,
  load,
  type Part,
  parts,
  type Run,
  type RunOptions,
  type Saved,
  save,
  waves,
} from './run';
export { setting } from './setting';
