// Rows of buttons below a figure, for the players of races, frames and descents.
import type { PlotLayout } from './plotly';

/** Height of a row in pixels. */
export const rowHeight = 40;

export const wantsCalm = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** A layout with `more` pixels of room below the axes, also in its narrow variant. */
export function withRoomBelow(layout: PlotLayout, more: number): PlotLayout {
  const { narrow, ...meta } = layout.meta ?? {};
  const taller = ({ height, margin, ...rest }: PlotLayout) => ({
    ...rest,
    height: height + more,
    margin: { ...margin, b: margin.b + more },
  });
  const places = narrow && { narrow: { ...narrow, ...(narrow.layout?.margin && { layout: taller(narrow.layout) }) } };
  return { ...taller(layout), meta: { ...meta, ...places } };
}

export function newRow(): HTMLDivElement {
  const row = document.createElement('div');
  // Disables JupyterLab's shortcuts in the row.
  row.dataset.lmSuppressShortcuts = 'true';
  row.addEventListener('keydown', (event) => event.stopPropagation());
  return row;
}

/** Adds a button with a sign to a row. */
export function addButton(row: Element, name: string, sign: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  say(button, name, sign);
  button.onclick = act;
  row.append(button);
  return button;
}

/** Sets a button's accessible name and its sign. */
export function say(button: HTMLElement, name: string, sign: string): void {
  button.textContent = sign;
  button.title = name;
  button.setAttribute('aria-label', name);
}
