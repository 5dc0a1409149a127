export { type Cell, type GridWorld, type GridWorldOptions, gridWorld, type Move } from './grid-world';
export { type PolicyOptions, policy } from './policy';
export {
  type ActorCriticOptions,
  actorCritic,
  type ReinforceOptions,
  reinforce,
  type Walker,
  type WalkerSnapshot,
} from './policy-gradient';
