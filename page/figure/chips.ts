// Chips below a slider: each is a legend entry, a switch and a reading in one. `layout.meta.slider.chips` has them. A chip hides and
// shows all traces of its name, in all figures of the page that have a chip of that name.
import { darkColors } from '../../src/lab/plot/colors';
import { isDarkPage } from './dark';
import { type PlotFigure, type PlotLayout, type PlotNode, type PlotTrace, plotly } from './plotly';
import { newRow } from './row';

export interface Chip {
  name: string;
  /** The reading at each value of the slider. */
  readings: string[];
  /** The text before the choice at a question; by default a question mark. */
  covered?: string[];
}

const [wideHeight, narrowHeight] = [52, 50];
/** Below this width in pixels there are two per row. */
const narrowBelow = 600;
/** What axes take below the plot, above the legend (src/lab/plot/theme.ts). */
const tickAndTitle = 58;

export const chipsIn = (figure: { layout?: Partial<PlotLayout> }): Chip[] | undefined =>
  figure.layout?.meta?.slider?.chips;

/** A layout with room for its chips, which are its legend, at any width; without chips as it is. `slider` is plotly's. */
export function withChipsRoom(layout: PlotLayout, slider: { pad?: { t?: number } }): PlotLayout {
  const chips = chipsIn({ layout });
  if (!chips) return layout;
  const legend = layout.showlegend === false ? 0 : Math.max(0, (slider.pad?.t ?? 0) - tickAndTitle);
  const lower = ({ height, margin }: PlotLayout, more: number) => ({
    height: height + more - legend,
    margin: { ...margin, b: margin.b + more - legend },
  });
  const rows = Math.ceil(chips.length / 2);
  const { narrow } = layout.meta;
  const own = narrow?.layout?.margin ? narrow.layout : layout;
  return {
    ...layout,
    ...lower(layout, wideHeight),
    showlegend: false,
    meta: {
      ...layout.meta,
      narrow: {
        below: narrowBelow,
        ...narrow,
        layout: { ...narrow?.layout, ...lower(own, rows * narrowHeight) },
      },
    },
  };
}

/** All rows of chips, which follow one another. */
const rows = new Set<Chips>();

export class Chips {
  readonly row = newRow();
  private readonly off = new Set<string>();
  private chips: Chip[] = [];
  private buttons: { button: HTMLButtonElement; reading: HTMLElement; sample: HTMLElement }[] = [];
  private at = 0;
  isCovered = false;

  constructor(private readonly node: PlotNode) {
    addStyle();
    this.row.className = 'gradlab-chips';
    rows.add(this);
  }

  /** How high it is now. */
  get height(): number {
    const isNarrow = this.node.offsetWidth < narrowBelow;
    this.row.classList.toggle('narrow', isNarrow);
    return isNarrow ? Math.ceil(this.chips.length / 2) * narrowHeight : wideHeight;
  }

  /** Takes over a figure's chips, which look as its traces do. */
  read(figure: PlotFigure, at: number): void {
    this.chips = chipsIn(figure)!;
    // Off from the beginning, unless the figure has been there before.
    if (this.buttons.length === 0)
      for (const { name } of this.chips)
        if (figure.data.some((trace) => trace.name === name && trace.visible === 'legendonly')) this.off.add(name);
    this.buttons = this.chips.map((chip) => this.make(chip, figure.data));
    this.row.replaceChildren(...this.buttons.map(({ button }) => button));
    this.show(at);
  }

  /** After a plot has been drawn: what is off stays off. */
  attach(): void {
    if (this.row.parentNode !== this.node) this.node.append(this.row);
    for (const name of this.off) this.apply(name);
    this.color();
  }

  remove(): void {
    rows.delete(this);
    this.row.remove();
  }

  /** The readings at a value of the slider. */
  show(at: number): void {
    this.at = at;
    for (const [i, { reading }] of this.buttons.entries()) {
      const { name, readings, covered } = this.chips[i]!;
      const value = this.isCovered ? (covered?.[at] ?? '?') : readings[at];
      reading.textContent = this.off.has(name) ? 'show' : (value ?? '');
    }
  }

  private make({ name }: Chip, data: readonly PlotTrace[]) {
    const look = data.find((trace) => trace.name === name) ?? { type: '' };
    const { color = 'currentColor', dash = 'solid', width = 2 } = { color: look.marker?.color, ...look.line };
    const button = document.createElement('button');
    button.type = 'button';
    const words = document.createElement('b');
    words.textContent = name;
    const sample = document.createElement('span');
    sample.className = 'sample';
    sample.ariaHidden = 'true';
    const dashes = { dash: '7 4', dot: '2 3', dashdot: '7 3 2 3', longdash: '11 4' }[String(dash)] ?? '';
    sample.innerHTML = `<svg width="28" height="8"><line x1="0" y1="4" x2="28" y2="4" stroke="currentColor" stroke-width="${Math.min(6, Number(width))}" stroke-dasharray="${dashes}"/></svg>`;
    sample.dataset.color = typeof color === 'string' ? color : 'currentColor';
    const reading = document.createElement('span');
    reading.className = 'reading';
    button.append(words, sample, reading);
    button.setAttribute('aria-pressed', String(!this.off.has(name)));
    button.onclick = () => {
      const isOff = !this.off.has(name);
      for (const other of rows) if (other.node.isConnected) other.turn(name, isOff);
    };
    return { button, reading, sample };
  }

  private color(): void {
    for (const { sample } of this.buttons) {
      const color = sample.dataset.color!;
      sample.style.color = (isDarkPage() && darkColors.get(color.toUpperCase())) || color;
    }
  }

  private turn(name: string, isOff: boolean): void {
    const i = this.chips.findIndex((chip) => chip.name === name);
    if (i < 0) return;
    if (isOff) this.off.add(name);
    else this.off.delete(name);
    this.buttons[i]!.button.setAttribute('aria-pressed', String(!isOff));
    this.show(this.at);
    this.apply(name);
  }

  /** Hides what is seen of a name, or shows what was hidden here; what a question covers stays covered. */
  private apply(name: string): void {
    const isOff = this.off.has(name);
    const own = this.node.data.flatMap((trace, i) => {
      const isOwn = trace.name === name || trace.name?.startsWith(`${name}, `) || trace.legendgroup === name;
      return isOwn && (isOff ? (trace.visible ?? true) === true : trace.visible === 'legendonly') ? [i] : [];
    });
    if (own.length === 0) return;
    void plotly().restyle(this.node, { visible: isOff ? 'legendonly' : true }, own);
  }
}

function addStyle(): void {
  if (document.getElementById('gradlab-chips')) return;
  const style = document.createElement('style');
  style.id = 'gradlab-chips';
  style.textContent = `
.gradlab-chips { position: absolute; inset: auto 8px 0; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 6px; padding: 0 0 4px; box-sizing: border-box;
  font: 13px/1.2 Arial, Helvetica, sans-serif; color: var(--jp-content-font-color1, CanvasText) }
.gradlab-chips > button { height: 46px; min-width: 0; margin: 0; padding: 3px 8px; display: grid; grid-template: 20px 17px / minmax(0, 1fr) auto; text-align: left; align-items: center; cursor: pointer;
  color: inherit; background: transparent; border: 1px solid #8a8a8a; border-radius: 6px; font: inherit }
.gradlab-chips .sample { forced-color-adjust: none }
.gradlab-chips b { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.gradlab-chips .reading { grid-column: 1 / 3; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-variant-numeric: tabular-nums }
.gradlab-chips > button[aria-pressed="false"] { border-style: dashed }
.gradlab-chips > button[aria-pressed="false"] > .sample { opacity: 0.35 }
.gradlab-chips > button[aria-pressed="false"] > b { font-weight: 400 }
.gradlab-chips > button[aria-pressed="false"] > .reading { text-decoration: underline }
.gradlab-chips.narrow { grid-auto-flow: row; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 4px 6px }
@media print { .gradlab-chips { display: none } }`;
  document.head.append(style);
}
