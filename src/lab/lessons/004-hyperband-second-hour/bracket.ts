import { ValueError } from '../../../errors';

/** The result of a bracket in which trials are repeatedly cut to a third, by their losses at the cuts. */
export interface Bracket {
  /** The trials that train until each cut and, last, the one that is left; each list by loss, the best first. */
  readonly alive: readonly (readonly number[])[];
  /** The trial that is left. */
  readonly winner: number;
  /** The trial that would be best if all trained to the end. */
  readonly best: number;
  /** The number of cuts that it survives. */
  readonly survived: number;
  /** The winner's final rank among all, from 1. */
  readonly rank: number;
}

/**
 * Successive halving over losses that are known to the end.
 * @param losses for each trial the losses at the cuts, and the one at the end
 * @param reduction one of this many trials continues
 * @throws {ValueError} unless all trials have the same number of losses, and enough trials for one to be left.
 */
export function bracketOf(losses: readonly (readonly number[])[], reduction = 3): Bracket {
  const cuts = (losses[0]?.length ?? 0) - 1;
  if (cuts < 1 || losses.some((own) => own.length !== cuts + 1))
    throw new ValueError(
      'bracketOf: each trial needs as many losses as the others: one at each cut, and one at the end',
    );
  if (losses.length < reduction ** cuts)
    throw new ValueError(
      `bracketOf: ${losses.length} trials are too few for ${cuts} cuts to a share of 1/${reduction}`,
    );
  const byLoss = (trials: readonly number[], at: number) =>
    [...trials].sort((a, b) => losses[a]![at]! - losses[b]![at]! || a - b);
  const all = losses.map((_, trial) => trial);
  const alive = [byLoss(all, 0)];
  for (let cut = 0; cut < cuts; cut++)
    alive.push(byLoss(alive[cut]!.slice(0, Math.floor(alive[cut]!.length / reduction)), cut + 1));
  const atEnd = byLoss(all, cuts);
  const winner = alive[cuts]![0]!;
  const best = atEnd[0]!;
  const out = alive.findIndex((trials) => !trials.includes(best));
  return { alive, winner, best, survived: out < 0 ? cuts : out - 1, rank: atEnd.indexOf(winner) + 1 };
}

/**
 * The probability that the trial of this rank is better than each of `count` others drawn from all `of`, without
 * itself.
 */
export function chanceAhead(rank: number, of: number, drawn: number): number {
  let chance = 1;
  for (let i = 0; i < drawn; i++) chance *= Math.max(0, of - rank - i) / (of - 1 - i);
  return chance;
}
