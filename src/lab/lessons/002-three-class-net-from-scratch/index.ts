export { moved, type PassHeroOptions, passHero } from './hero';
export { type Pass, throughAndBack, trainByHand, type Weights } from './pass';
