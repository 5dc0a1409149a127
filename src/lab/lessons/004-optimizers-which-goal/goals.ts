/** What stands for the goals of the hill in all figures of the lesson. */
import type { PlotlyTrace } from '../../plot';
import { ink } from '../../plot/theme';

/** The colours of starts by the number of goals that they lead to; no racer has one of them. */
export const goalColors = ['#D9D9D9', '#DDB94F', '#5C4400'] as const;

/** The letters of so many goals: A, B, C … */
export const lettersOf = (goals: readonly unknown[]): string[] => goals.map((_, k) => String.fromCharCode(65 + k));

/** How far above its goal’s star a letter stands. */
const clear = 0.3;

/** A letter above each goal, on a map. */
export function letters(goals: readonly (readonly [number, number])[]): PlotlyTrace {
  return {
    type: 'scatter',
    mode: 'text',
    name: 'letters',
    x: goals.map(([x]) => x),
    y: goals.map(([, y]) => y + clear),
    text: lettersOf(goals).map((letter) => `<b>${letter}</b>`),
    textposition: 'top center',
    textfont: { size: 15, color: ink },
    hoverinfo: 'skip',
    showlegend: false,
  };
}
