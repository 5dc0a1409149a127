import { ValueError } from '../../../errors';

/** What became of some trials that were cut to a third again and again, by their losses at the cuts. */
export interface Bracket {
  /** Which trials train until each cut and, last, which one is left; each list by loss, the best first. */
  readonly alive: readonly (readonly number[])[];
  /** Which trial is left. */
  readonly winner: number;
  /** Which one is best in the end if all train to the end. */
  readonly best: number;
  /** How many cuts that one survives. */
  readonly survived: number;
  /** The winner's final rank among all, from 1. */
  readonly rank: number;
}

/**
 * Successive halving over losses that are known to the end.
 * @param losses for each trial the losses at the cuts, and the one at the end
 * @param reduction of how many trials one goes on
 * @throws {ValueError} unless all trials have as many losses, and there are enough of them for one to be left.
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

/** With which probability the one of this rank is better than each of so many others that are drawn of all `of`, itself not among them. */
export function chanceAhead(rank: number, of: number, drawn: number): number {
  let chance = 1;
  for (let i = 0; i < drawn; i++) chance *= Math.max(0, of - rank - i) / (of - 1 - i);
  return chance;
}
