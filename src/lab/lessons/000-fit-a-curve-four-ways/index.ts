export { type Course, type CourseOptions, courseOf, leastLoss } from './course';
