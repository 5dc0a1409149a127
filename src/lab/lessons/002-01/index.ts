export { angleBetween } from './angle';
