export { type Pulled, type TugOfWarOptions, tugOfWar } from './tug-of-war';
