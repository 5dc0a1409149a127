export { check } from './check';
export type { ClaimJson } from './claim';
export { ClaimCard, claim, claimMimeType } from './claim';
export type { Judgement, Measured, Measurement } from './measure';
export { judge } from './measure';
export type { ClaimEntry, Verdict } from './registry';
export { findClaim, findRegistry, readRegistry } from './registry';
