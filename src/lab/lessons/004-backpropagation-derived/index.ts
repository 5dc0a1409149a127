export { type PathsOptions, paths } from './paths';
export { type Program, programs, type Run, type RunOptions, rightRows, train, trainingFigure } from './rings';
export { type Task, type TimetableOptions, timetable } from './timetable';
