export { type Hill, hill, hills, nextFrom } from './hills';
