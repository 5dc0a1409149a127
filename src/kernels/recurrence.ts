// The elementwise part of an LSTM, for which PyTorch has a kernel (`_thnn_fused_lstm_cell`). A row of gates has `[i, f,
// g, o]`, each as long as a row of the state. `from` and `to` are rows, counted over all steps.

import { turn } from '../cancellation';
import type { NumberArray } from './strides';

/** The gates after their functions, the cells after each step and their tanh, and the cells before the first. */
export interface LstmValues {
  readonly gates: NumberArray;
  readonly cells: NumberArray;
  readonly bent: NumberArray;
  readonly first: NumberArray;
}

/** Fills rows of cells with `f·c + i·g`, and writes the candidates g to the gates. */
export function lstmCells(
  size: number,
  rows: { from: number; to: number },
  candidates: NumberArray,
  { gates, cells, first }: Omit<LstmValues, 'bent'>,
): void {
  const batch = first.length;
  const from = rows.from * size;
  for (let r = rows.from; r < rows.to; r++) {
    const input = 4 * r * size;
    const at = r * size;
    const [earlier, before] = at < batch ? [first, at] : [cells, at - batch];
    for (let k = 0; k < size; k++) {
      const g = candidates[at - from + k];
      gates[input + 2 * size + k] = g;
      cells[at + k] = gates[input + size + k] * earlier[before + k] + gates[input + k] * g;
    }
  }
  turn((rows.to - rows.from) * size);
}

/** Fills rows of outputs with `o·tanh(c)`; `bent`, the tanh of the cells, begins with the first of them. */
export function lstmOutputs(
  size: number,
  rows: { from: number; to: number },
  hidden: NumberArray,
  gates: NumberArray,
  bent: NumberArray,
): void {
  const from = rows.from * size;
  for (let r = rows.from; r < rows.to; r++) {
    const output = (4 * r + 3) * size;
    const at = r * size;
    for (let k = 0; k < size; k++) hidden[at + k] = gates[output + k] * bent[at - from + k];
  }
}

/**
 * Gradients of the outputs of all steps. For the rows of one step also those from the next step; `before` is the
 * gradient of its cell.
 */
export interface LstmGradients {
  readonly hidden: NumberArray;
  readonly cells: NumberArray;
  readonly gates: NumberArray;
  readonly nextHidden: NumberArray;
  readonly nextCell: NumberArray;
}

/** Fills rows of the gradients of the gates' inputs, and `nextCell` with that of the previous cells. */
export function lstmGradients(
  size: number,
  rows: { from: number; to: number },
  sums: NumberArray,
  { gates, cells, bent, first }: LstmValues,
  dy: LstmGradients,
): void {
  const batch = first.length;
  const { nextHidden, nextCell } = dy;
  for (let r = rows.from; r < rows.to; r++) {
    const at = r * size;
    const own = (r - rows.from) * size;
    const input = 4 * at;
    const [forget, candidate, output] = [input + size, input + 2 * size, input + 3 * size];
    const [earlier, before] = at < batch ? [first, at] : [cells, at - batch];
    for (let k = 0; k < size; k++) {
      const i = gates[input + k];
      const f = gates[forget + k];
      const g = gates[candidate + k];
      const o = gates[output + k];
      const t = bent[at + k];
      const dHidden = dy.hidden[at + k] + nextHidden[own + k];
      const dCell = dy.cells[at + k] + nextCell[own + k] + dHidden * o * (1 - t * t);
      sums[input + k] = (dCell * g + dy.gates[input + k]) * i * (1 - i);
      sums[forget + k] = (dCell * earlier[before + k] + dy.gates[forget + k]) * f * (1 - f);
      sums[candidate + k] = (dCell * i + dy.gates[candidate + k]) * (1 - g * g);
      sums[output + k] = (dHidden * t + dy.gates[output + k]) * o * (1 - o);
      nextCell[own + k] = dCell * f;
    }
  }
  turn(4 * (rows.to - rows.from) * size);
}
