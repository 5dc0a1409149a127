import { describe } from '../../../describe';
import { type NumberMatrix, toPlain } from '../../../display';
import { ValueError } from '../../../errors';
import { solve } from '../../../ops/linalg';
import { tensor } from '../../../tensor/creation';

/** A cell of a grid world: its row and its column, counted from 0 at the upper left. */
export type Cell = readonly [row: number, column: number];

/** Options of {@link gridWorld}. */
export interface GridWorldOptions {
  /** The side of a square room, or its numbers of rows and columns. */
  size: number | readonly [rows: number, columns: number];
  /** Where the treasure is. A walk that reaches it ends. */
  goal: Cell;
  /** Cells in which a walk ends with a penalty. */
  pits: readonly Cell[];
  /** Cells that cannot be entered: a move into one has no effect, as at the edge. Default: none. */
  walls?: readonly Cell[];
  /** Where walks begin. */
  start: Cell;
  /** The rewards for reaching the goal, falling into a pit and reaching the step limit. Default: 1, -1 and 0. */
  rewards?: { goal?: number; pit?: number; late?: number };
}

/** The result of an action. */
export interface Move {
  /** The resulting cell, by number. */
  to: number;
  reward: number;
  /** Whether the walk is over. */
  ends: boolean;
}

/** A room of cells, numbered row by row. From each there are four actions: 0 is up, 1 right, 2 down, 3 left. */
export interface GridWorld {
  readonly rows: number;
  readonly columns: number;
  readonly goal: Cell;
  readonly pits: readonly Cell[];
  readonly walls: readonly Cell[];
  readonly start: Cell;
  /** The rewards for reaching the goal, falling into a pit and reaching the step limit. */
  readonly rewards: Readonly<Required<NonNullable<GridWorldOptions['rewards']>>>;
  /** The result of each action in each cell, `moves[cell][action]`. Goal, pits and walls have none. */
  readonly moves: readonly (readonly Move[])[];
  /** The steps of the shortest path to the goal from each cell, around pits; Infinity if there is none. */
  readonly distances: readonly number[];
  /** The number of a cell. */
  index(cell: Cell): number;
  /** For each cell, the probability of actions on a shortest path to the goal; 0 if there is none. */
  directness(probabilities: NumberMatrix): number[];
  /**
   * The value of each cell for a walker with these action probabilities: the solution of V(s) = Σ π(a|s) (r + γ V(s′)).
   * For discount 1 the walk must end almost surely. Goal, pits and walls have 0.
   * @param probabilities [cells, 4]. @param discount γ, the factor of a reward for each further step.
   */
  values(probabilities: NumberMatrix, discount: number): number[];
}

/** The four actions, as steps in rows and columns: up, right, down, left. */
export const directions: readonly Cell[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

/**
 * A grid world: a room with a treasure and pits, with deterministic moves. A walk from `start` is rewarded only at its
 * end.
 *
 * @example
 * const world = gridWorld({ size: 3, goal: [0, 2], pits: [[1, 1]], start: [2, 0] });
 * world.distances // [ 2, 1, 0, 3, Infinity, 1, 4, 3, 2 ]
 * world.moves[1][1] // { to: 2, reward: 1, ends: true }
 * @throws {ValueError} if the size is not of whole numbers above 0, a cell lies outside or has two meanings, or a reward is
 *   not finite.
 */
export function gridWorld(options: GridWorldOptions): GridWorld {
  const { size, goal, pits, walls = [], start } = options;
  const rewards = { goal: 1, pit: -1, late: 0, ...options.rewards };
  const [rows, columns] = typeof size === 'number' ? [size, size] : size;
  for (const side of [rows, columns])
    if (!Number.isInteger(side) || side < 1) {
      throw new ValueError(`gridWorld: size must be of whole numbers above 0, got ${describe(size)}`);
    }
  for (const [name, value] of Object.entries(rewards))
    if (!Number.isFinite(value)) throw new ValueError(`gridWorld: the reward “${name}” must be finite, got ${value}`);
  const count = rows * columns;
  const index = (cell: Cell) => {
    const [row, column] = cell;
    const inside = [row, column].every(Number.isInteger) && row >= 0 && row < rows && column >= 0 && column < columns;
    if (!inside || cell.length !== 2) {
      throw new ValueError(
        `gridWorld: a cell is [row, column], from [0, 0] to [${rows - 1}, ${columns - 1}], got ${describe(cell)}`,
      );
    }
    return row * columns + column;
  };
  const kinds = new Array<string>(count).fill('');
  for (const [kind, cells] of Object.entries({ goal: [goal], pit: pits, wall: walls, start: [start] }))
    for (const cell of cells) {
      const at = index(cell);
      if (kinds[at]) throw new ValueError(`gridWorld: cell [${cell}] cannot be ${kinds[at]} and ${kind}`);
      kinds[at] = kind;
    }
  const isOpen = (at: number) => kinds[at] === '' || kinds[at] === 'start';
  const land = (at: number, [down, right]: Cell): number => {
    const [row, column] = [Math.floor(at / columns) + down, (at % columns) + right];
    const isOutside = row < 0 || row >= rows || column < 0 || column >= columns;
    return isOutside || kinds[row * columns + column] === 'wall' ? at : row * columns + column;
  };
  const moves = kinds.map((_, at) =>
    isOpen(at)
      ? directions.map((direction): Move => {
          const to = land(at, direction);
          const reward = kinds[to] === 'goal' ? rewards.goal : kinds[to] === 'pit' ? rewards.pit : 0;
          return { to, reward, ends: !isOpen(to) };
        })
      : [],
  );
  const distances = distancesTo(index(goal), moves);
  const read = (probabilities: NumberMatrix) => {
    const table = toPlain(probabilities) as number[][];
    if (table.length !== count || table.some((row) => row.length !== 4)) {
      throw new ValueError(
        `gridWorld: probabilities need four numbers for each of the ${count} cells, got ${table.length} × ${table[0]?.length}`,
      );
    }
    return table;
  };
  return {
    rows,
    columns,
    goal,
    pits,
    walls,
    start,
    rewards,
    moves,
    distances,
    index,
    directness(probabilities) {
      const table = read(probabilities);
      return moves.map((from, at) =>
        from.reduce((sum, { to }, a) => sum + (distances[to]! < distances[at]! ? table[at]![a]! : 0), 0),
      );
    },
    values(probabilities, discount) {
      const table = read(probabilities);
      const zeros = () => new Array<number>(count).fill(0);
      const rewarded = zeros();
      const system = moves.map((from, at) => {
        const row = zeros();
        row[at] = 1;
        for (const [a, { to, reward, ends }] of from.entries()) {
          rewarded[at]! += table[at]![a]! * reward;
          if (!ends) row[to]! -= discount * table[at]![a]!;
        }
        return row;
      });
      const float64 = { dtype: 'float64' } as const;
      return solve(tensor(system, float64), tensor(rewarded, float64)).tolist() as number[];
    },
  };
}

/** Breadth-first search, from the goal backwards. */
function distancesTo(goal: number, moves: readonly (readonly Move[])[]): number[] {
  const distances = moves.map(() => Number.POSITIVE_INFINITY);
  distances[goal] = 0;
  for (let reach = 0, found = 1; found > 0; reach++) {
    found = 0;
    for (const [at, from] of moves.entries())
      if (distances[at] === Number.POSITIVE_INFINITY && from.some(({ to }) => distances[to] === reach)) {
        distances[at] = reach + 1;
        found++;
      }
  }
  return distances;
}
