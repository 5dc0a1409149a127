import { short } from '../../inspection/labels';
import type { Step } from '../../inspection/trace';
import { Tensor } from '../../tensor/tensor';
import type { PlotlyTrace } from './figure';
import { mark, orNowhere } from './marks';
import { ink, neutral, palette } from './theme';

const nothing = 'nothing';
const boxColor = '#F3E3B8';

/** The saved values of an operation as text: values of tensors, and arguments with their names. */
export function keptBy({ node }: Step): string {
  const all = Object.entries(node.saved).filter(([, value]) => value instanceof Tensor || typeof value === 'number');
  const words = all.map(([name, value]) =>
    value instanceof Tensor ? short(value) : name === 'other' ? String(value) : `${name} ${value}`,
  );
  return words.join(', ') || nothing;
}

/** A box that belongs to the operation at a position. */
export interface KeptBox {
  at: readonly [number, number];
  words: string;
  isHolding: boolean;
  /** Whether the operation is active: it still has its saved values. */
  isOpen: boolean;
}

/** A box under each operation, filled while it has saved values. `unit` is the width of a column in pixels. */
export function boxesUnder(operations: readonly KeptBox[], unit: number): PlotlyTrace[] {
  const [middle, half] = [0.5, 0.085];
  const boxes = operations.map(({ at: [x, y], words, isHolding, isOpen }) => {
    const isFull = words !== nothing && (isHolding || isOpen);
    return {
      x,
      y: y - middle,
      wide: (2.9 * words.length + 8) / unit,
      words,
      isFull,
      isOpen: isFull && isOpen,
    };
  });
  const outline = (name: string, list: typeof boxes, line: object, fillcolor?: string): PlotlyTrace =>
    mark({
      name,
      x: orNowhere(list.flatMap(({ x, wide }) => [x - wide, x + wide, x + wide, x - wide, x - wide, null])),
      y: orNowhere(list.flatMap(({ y }) => [y - half, y - half, y + half, y + half, y - half, null])),
      line,
      ...(fillcolor && { fill: 'toself', fillcolor }),
    });
  const words = (list: typeof boxes, color: string): PlotlyTrace =>
    mark({
      x: orNowhere(list.map(({ x }) => x)),
      y: orNowhere(list.map(({ y }) => y)),
      text: list.map(({ words }) => words),
      textfont: { size: 11, color },
    });
  const full = boxes.filter(({ isFull }) => isFull);
  return [
    outline('boxes', boxes, { color: neutral, width: 1, dash: 'dot' }),
    outline('kept', full, { color: neutral, width: 1 }, boxColor),
    outline(
      'opened',
      boxes.filter(({ isOpen }) => isOpen),
      { color: palette[0], width: 2.5 },
    ),
    words(full, ink),
    words(
      boxes.filter(({ words }) => words === nothing),
      neutral,
    ),
  ];
}
