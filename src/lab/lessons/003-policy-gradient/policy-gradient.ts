import { perCall, turn } from '../../../cancellation';
import { type NumberMatrix, toPlain } from '../../../display';
import { ValueError } from '../../../errors';
import { defaultGenerator, type Generator } from '../../../random';
import type { Cell, GridWorld } from './grid-world';

/** Options of {@link actorCritic}; with `baseline`, of {@link reinforce}. */
export interface ActorCriticOptions {
  /** The number of walks. */
  walks: number;
  /** The learning rate of the scores. Default: 0.5. */
  lr?: number;
  /** The discount γ: the factor of a reward for each step until it. Default: 1. */
  discount?: number;
  /** The maximum number of steps in a walk. Default: 50. */
  limit?: number;
  /** The learning rate of the values. Default: 0.1. */
  valueLr?: number;
  /** The initial scores, [cells, 4]. Default: zeros, all actions equally likely. */
  scores?: NumberMatrix;
  /** The initial value of each cell. Default: 0. */
  valueStart?: number;
  /**
   * The optimizer of the scores: plain, with a momentum of 0.9, or Adam (0.9 and 0.999), in one step for all cells
   * after each walk of `reinforce` and after each step of `actorCritic`. Default: `'SGD'`.
   */
  optimizer?: 'SGD' | 'momentum' | 'Adam';
  /** The walks after which a snapshot is taken, ascending. Default: `[0, walks]`. */
  snapshots?: readonly number[];
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/** Options of {@link reinforce}. */
export interface ReinforceOptions extends ActorCriticOptions {
  /**
   * Whether to subtract the average of earlier walks from each return, or, for `'critic'`, the value of its cell.
   * Default: false.
   */
  baseline?: boolean | 'critic';
  /** An addition to G at a step, by the step's number in its walk, from 0. Default: none. */
  bonus?: (step: number) => number;
}

/** The state of a walker after some walks. */
export interface WalkerSnapshot {
  /** The number of walks. */
  walk: number;
  /** The scores of the four actions in each cell. */
  scores: number[][];
  /** Their softmax. */
  probabilities: number[][];
  /** The estimated value of each cell. */
  values: number[];
  /** The cells of the last walk, including its first and last one; empty before the first walk. */
  track: Cell[];
}

/** The result of {@link reinforce} and {@link actorCritic}. */
export interface Walker {
  /** The requested snapshots. */
  history: WalkerSnapshot[];
  /** The total reward of each walk, without discount. */
  returns: number[];
  /** The number of steps in each walk. */
  steps: number[];
}

/**
 * REINFORCE (Williams, 1992) in a grid world, one table of scores, its softmax π as policy: after each walk, for each
 * of its steps, θ(s) ← θ(s) + η (G - b) ∇ log π(a|s), where G = Σ γᵏ rₖ is the return from that step on, and ∇ log
 * π(a|s) is 1 - π for the action taken and -π for the others. Without `baseline`, b is 0. With it, b is the average
 * over earlier walks of the mean G of their steps, and the first walk changes nothing. With `'critic'`, b is V(s),
 * which follows the returns from its cell, V(s) ← V(s) + α (G - V(s)). As is usual, all steps of a walk have equal
 * weight, without the factor γᵗ of the exact gradient.
 *
 * @example
 * const world = gridWorld({ size: 3, goal: [0, 2], pits: [[1, 1]], start: [2, 0] });
 * const { history } = reinforce(world, { walks: 300, discount: 0.8, generator: new Generator().manualSeed(0) });
 * world.directness(history[1].probabilities)[6] > 0.9 // true
 * @throws {ValueError} if `walks` or `limit` is not a whole number, a rate or the discount is not a finite number
 *   from 0 on, snapshots do not rise, or scores are not four for each cell.
 */
export function reinforce(world: GridWorld, options: ReinforceOptions): Walker {
  const { discount = 1, valueLr = 0.1, baseline = false, bonus = () => 0 } = options;
  let [average, count] = [0, 0];
  return learn('reinforce', world, options, (steps, { values, policy, push, step }) => {
    const chances = steps.map(({ at }) => policy(at));
    const returns = steps.map(({ reward }) => reward);
    for (let t = returns.length - 2; t >= 0; t--) returns[t]! += discount * returns[t + 1]!;
    for (const t of returns.keys()) returns[t]! += bonus(t);
    for (const [t, { at, action }] of steps.entries()) {
      const surprise = returns[t]! - values[at]!;
      const compared =
        baseline === 'critic' ? surprise : !baseline ? returns[t]! : count > 0 ? returns[t]! - average : 0;
      push(at, chances[t]!, action, compared);
      values[at]! += valueLr * surprise;
    }
    step();
    count++;
    average += (returns.reduce((sum, one) => sum + one, 0) / returns.length - average) / count;
  });
}

/**
 * Actor-critic (Barto, Sutton, Anderson, 1983) in a grid world: the critic is a table of values, the actor a table of
 * scores with its softmax π as policy. Both learn after every step from the error δ = r + γ V(s′) - V(s), where V is 0
 * after the end; a truncated walk counts as ended. V(s) ← V(s) + α δ and θ(s) ← θ(s) + η δ ∇ log π(a|s).
 *
 * @example
 * const world = gridWorld({ size: 3, goal: [0, 2], pits: [[1, 1]], start: [2, 0] });
 * const { history } = actorCritic(world, { walks: 300, discount: 0.8, generator: new Generator().manualSeed(0) });
 * history[1].values[6] > 0.4 // true
 * @throws {ValueError} as {@link reinforce}.
 */
export function actorCritic(world: GridWorld, options: ActorCriticOptions): Walker {
  const { discount = 1, valueLr = 0.1 } = options;
  const learnStep = ({ at, action, reward, to, ends, isLate }: Step, { values, policy, push, step }: Knowledge) => {
    const surprise = reward + (ends || isLate ? 0 : discount * values[to]!) - values[at]!;
    push(at, policy(at), action, surprise);
    values[at]! += valueLr * surprise;
    step();
  };
  return learn('actorCritic', world, options, undefined, learnStep);
}

/** One step of a walk. */
interface Step {
  at: number;
  action: number;
  reward: number;
  to: number;
  ends: boolean;
  /** Whether the walk reaches the step limit here. */
  isLate: boolean;
}

/** The state of a walker. */
interface Knowledge {
  scores: number[][];
  values: number[];
  policy(cell: number): number[];
  /** Adds amount · ∇ log π(action) to the gradient for the next step of the scores. */
  push(cell: number, chances: readonly number[], action: number, amount: number): void;
  /** The optimizer's step. */
  step(): void;
}

/** Makes walks, and passes each walk and each step to the learner. */
function learn(
  who: string,
  world: GridWorld,
  options: ActorCriticOptions,
  ofWalk?: (steps: readonly Step[], known: Knowledge) => void,
  ofStep?: (step: Step, known: Knowledge) => void,
): Walker {
  const { walks, limit = 50, snapshots = walks > 0 ? [0, walks] : [0], generator = defaultGenerator } = options;
  const { lr = 0.5, valueStart = 0, optimizer = 'SGD' } = options;
  check(who, { lr, discount: 1, valueLr: 0.1, ...options, limit, snapshots });
  const scores = readScores(who, options.scores, world.moves.length);
  const known: Knowledge = {
    scores,
    values: scores.map(() => valueStart),
    policy: (cell) => softmax(scores[cell]!),
    ...follow(scores, lr, optimizer),
  };
  const start = world.index(world.start);
  const walker: Walker = { history: [], returns: [], steps: [] };
  let steps: Step[] = [];
  for (let walk = 0; walk <= walks; walk++) {
    if (snapshots.includes(walk)) walker.history.push(snapshot(walk, world, known, steps));
    if (walk === walks) break;
    steps = [];
    for (let at = start, ends = false; !ends && steps.length < limit; ) {
      turn(perCall);
      const action = draw(known.policy(at), generator);
      const move = world.moves[at]![action]!;
      const isLate = !move.ends && steps.length === limit - 1;
      const step = { at, action, ...move, isLate, reward: move.reward + (isLate ? world.rewards.late : 0) };
      steps.push(step);
      ofStep?.(step, known);
      ({ to: at, ends } = move);
    }
    ofWalk?.(steps, known);
    walker.returns.push(steps.reduce((sum, { reward }) => sum + reward, 0));
    walker.steps.push(steps.length);
  }
  return walker;
}

/** Accumulated score gradients, and the step that uses them; plain descent touches only cells with a gradient. */
function follow(scores: number[][], lr: number, optimizer: NonNullable<ActorCriticOptions['optimizer']>) {
  const zeros = () => scores.map(() => [0, 0, 0, 0]);
  const [pushes, mean, square] = [zeros(), zeros(), zeros()];
  const pushed = new Set<number>();
  const [beta, beta2] = [0.9, 0.999];
  let [left, left2] = [1, 1];
  const move = (cell: number) => {
    const [row, push] = [scores[cell]!, pushes[cell]!];
    for (let a = 0; a < row.length; a++) row[a]! += lr * push[a]!;
  };
  const moveWithMemory = (cell: number) => {
    const [row, push, means, squares] = [scores[cell]!, pushes[cell]!, mean[cell]!, square[cell]!];
    for (let a = 0; a < row.length; a++) {
      means[a] = beta * means[a]! + (optimizer === 'Adam' ? 1 - beta : 1) * push[a]!;
      squares[a] = beta2 * squares[a]! + (1 - beta2) * push[a]! * push[a]!;
      const size = optimizer === 'Adam' ? (1 - left) * (Math.sqrt(squares[a]! / (1 - left2)) + 1e-8) : 1;
      row[a]! += (lr * means[a]!) / size;
    }
  };
  return {
    push(cell: number, chances: readonly number[], action: number, amount: number) {
      for (let a = 0; a < chances.length; a++) pushes[cell]![a]! += amount * ((a === action ? 1 : 0) - chances[a]!);
      pushed.add(cell);
    },
    step() {
      [left, left2] = [left * beta, left2 * beta2];
      if (optimizer === 'SGD') for (const cell of pushed) move(cell);
      else for (let cell = 0; cell < scores.length; cell++) moveWithMemory(cell);
      for (const cell of pushed) pushes[cell]!.fill(0);
      pushed.clear();
    },
  };
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const shares = scores.map((score) => exponential(score - most));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}

/**
 * The exponential of a nonpositive number, only by products and sums. Engines differ in the last digit of `Math.exp`,
 * which can change a walk.
 */
function exponential(x: number): number {
  if (x < -700) return 0;
  const part = x / 4096;
  let power = 1 + part * (1 + (part / 2) * (1 + (part / 3) * (1 + (part / 4) * (1 + part / 5))));
  for (let doubling = 0; doubling < 12; doubling++) power *= power;
  return power;
}

function draw(chances: readonly number[], generator: Generator): number {
  let left = generator.random() / 2 ** 32;
  for (let a = 0; a < chances.length - 1; a++) {
    left -= chances[a]!;
    if (left < 0) return a;
  }
  return chances.length - 1;
}

function snapshot(walk: number, world: GridWorld, { scores, values, policy }: Knowledge, steps: readonly Step[]) {
  const place = (cell: number): Cell => [Math.floor(cell / world.columns), cell % world.columns];
  return {
    walk,
    scores: scores.map((row) => [...row]),
    probabilities: scores.map((_, cell) => policy(cell)),
    values: [...values],
    track: steps.length ? [place(steps[0]!.at), ...steps.map(({ to }) => place(to))] : [],
  };
}

function readScores(who: string, given: NumberMatrix | undefined, cells: number): number[][] {
  if (given === undefined) return Array.from({ length: cells }, () => [0, 0, 0, 0]);
  const table = toPlain(given) as number[][];
  if (table.length === cells && table.every((row) => row.length === 4)) return table.map((row) => [...row]);
  throw new ValueError(
    `${who}: scores need four numbers for each of the ${cells} cells, got ${table.length} × ${table[0]?.length}`,
  );
}

function check(who: string, options: ActorCriticOptions): void {
  const { walks, limit, snapshots } = options;
  for (const [name, value, least] of [
    ['walks', walks, 0],
    ['limit', limit!, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least) {
      throw new ValueError(`${who}: ${name} must be a whole number from ${least} on, got ${value}`);
    }
  for (const name of ['lr', 'discount', 'valueLr'] as const) {
    const value = options[name]!;
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new ValueError(`${who}: ${name} must be a finite number from 0 on, got ${value}`);
    }
  }
  const isRising = snapshots!.every((walk, i) => Number.isInteger(walk) && walk > (snapshots![i - 1] ?? -1));
  if (!isRising || snapshots!.some((walk) => walk > walks)) {
    throw new ValueError(`${who}: snapshots must be rising whole numbers from 0 to ${walks}, got [${snapshots}]`);
  }
}
