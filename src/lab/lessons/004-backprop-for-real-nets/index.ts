export { type Task, type TimetableOptions, timetable } from './timetable';
