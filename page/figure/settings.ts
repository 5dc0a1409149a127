// Figures of one kind that buttons above the plot switch between: `layout.meta.settings` has those that are not shown.
import type { PlotFigure, PlotLayout, PlotNode } from './plotly';
import { addButton, newRow } from './row';

/** The height of the row of buttons, in pixels. */
const height = 40;

interface Settings {
  /** What they are, before the buttons. */
  label: string;
  /** The number of the one that the figure itself shows. */
  open: number;
  /** Their names, and the figures; null at `open`. */
  names: string[];
  figures: (PlotFigure | null)[];
}

export const settingsIn = (figure: { layout?: Partial<PlotLayout> }): Settings | undefined =>
  figure.layout?.meta?.settings;

/** The figure of a setting; of a figure without settings, itself. */
export function settingAt(figure: PlotFigure, at: number | undefined): PlotFigure {
  const settings = settingsIn(figure);
  const other = at === undefined ? undefined : settings?.figures[at];
  if (!settings || !other) return figure;
  return { ...other, layout: { ...other.layout, meta: { ...other.layout.meta, settings } } };
}

/** The figure with room above for the buttons; any other as it is. */
export function withSettingsRow(figure: PlotFigure): PlotFigure {
  if (!settingsIn(figure)) return figure;
  const lower = (layout: PlotLayout) => ({
    ...layout,
    height: layout.height + height,
    margin: { ...layout.margin, t: layout.margin.t + height },
  });
  const { meta } = figure.layout;
  const { narrow } = meta;
  /** The title below the buttons; those that a slider brings, too. */
  const belowRow = ({ title }: Partial<PlotLayout>) =>
    title && { title: { ...title, pad: { ...title.pad, t: (title.pad?.t ?? 0) + height } } };
  const { frames } = figure;
  return {
    ...figure,
    ...(frames && {
      frames: frames.map((frame) => ({
        ...frame,
        ...(frame.layout && { layout: { ...frame.layout, ...belowRow(frame.layout) } }),
      })),
    }),
    layout: {
      ...lower(figure.layout),
      ...belowRow(figure.layout),
      meta: { ...meta, ...(narrow?.layout?.margin && { narrow: { ...narrow, layout: lower(narrow.layout) } }) },
    },
  };
}

/** Puts the buttons above a plot that has just been drawn; while it waits for a choice, they do. */
export function putSettings(
  node: PlotNode,
  figure: PlotFigure,
  { at, isWaiting, choose }: { at: number | undefined; isWaiting: boolean; choose(at: number): void },
): void {
  const settings = settingsIn(figure);
  const before = node.querySelector<HTMLElement>(':scope > .gradlab-settings');
  if (!settings) {
    before?.remove();
    return;
  }
  const { label, names, open } = settings;
  const key = JSON.stringify([label, names]);
  const row = before?.dataset.key === key ? before : makeRow(settings);
  if (row !== before) before?.remove();
  row.dataset.key = key;
  node.style.position = 'relative';
  if (row.parentNode !== node) node.append(row);
  // Names that take more lines than the row has go beside one another instead, and the row scrolls.
  row.classList.remove('in-one-line');
  row.classList.toggle('in-one-line', row.scrollHeight > row.clientHeight);
  for (const [i, button] of [...row.querySelectorAll('button')].entries()) {
    button.setAttribute('aria-pressed', String(i === (at ?? open)));
    button.disabled = isWaiting;
    button.onclick = () => choose(i);
  }
}

function makeRow({ label, names }: Settings): HTMLElement {
  addStyle();
  const row = newRow();
  row.className = 'gradlab-settings';
  row.setAttribute('role', 'group');
  row.setAttribute('aria-label', label);
  const words = document.createElement('span');
  words.textContent = label;
  words.ariaHidden = 'true';
  row.append(words);
  for (const name of names) addButton(row, name, name, () => {});
  return row;
}

function addStyle(): void {
  if (document.getElementById('gradlab-settings')) return;
  const style = document.createElement('style');
  style.id = 'gradlab-settings';
  style.textContent = `
.gradlab-settings { position: absolute; inset: 0 8px auto; height: ${height}px; display: flex; gap: 6px; align-items: center; overflow-x: auto; font: 13px/1.2 Arial, Helvetica, sans-serif;
  color: var(--jp-content-font-color1, CanvasText) }
.gradlab-settings > span { flex: none }
.gradlab-settings > button { flex: 0 1 auto; min-width: min-content; min-height: 30px; margin: 0; padding: 0 clamp(4px, 1.5vw, 11px); line-height: 1.15; text-wrap: balance; cursor: pointer; color: inherit; background: transparent; border: 1px solid #8a8a8a; border-radius: 15px; font: inherit }
.gradlab-settings.in-one-line > button { flex: none; white-space: nowrap; padding: 0 9px }
.gradlab-settings > button[aria-pressed="true"] { font-weight: 700; border: 2px solid currentColor }
.gradlab-settings > button:disabled { opacity: 0.5; cursor: default }
@media print { .gradlab-settings { display: none } }`;
  document.head.append(style);
}
