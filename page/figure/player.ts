// Plays a figure that has one slider over precomputed frames: a row below the plot replaces plotly's slider and its buttons. A slider
// drawn in SVG is small for fingers and has no keys; and what plotly plays is late on slow machines.

import { Chips, chipsIn, withChipsRoom } from './chips';
import { livePlayerOf, withOwnControls } from './live-figures';
import { type PlotFigure, type PlotFrame, type PlotLayout, type PlotNode, plotly } from './plotly';
import { isRace, withOwnPlayer as withoutRaceSlider } from './race';
import { addButton, newRow, rowHeight, say, wantsCalm, withRoomBelow } from './row';
import { withSettingsRow } from './settings';

/** How long all values take, in milliseconds. */
const whole = 6000;
const speeds: readonly [number, string][] = [
  [1, '1×'],
  [0.5, '½×'],
  [2, '2×'],
];
/** The height of a curve above the range: questions/lesson.ts draws it. */
export const stripHeight = 34;
/** How often a frame is drawn that something else interrupts. */
const mostTries = 5;
/** Below this width of the figure, in pixels, the label stands above the range. */
const narrowBelow = 600;

/** What of a player is shown: the number of a slider's value, or a computed state. */
export type Position = number | { readonly step: number };

/** What plays a figure, from frames or from computed states. */
export interface FigurePlayer {
  readonly row: HTMLElement;
  readonly chips?: Chips | undefined;
  /** What the plot shows when it has just been drawn. */
  readonly first: Position;
  /** Takes over a figure. */
  read(figure: PlotFigure): void;
  /** Puts its controls into a plot that has just been drawn. */
  attach(): void;
  catchUp(): Promise<void>;
  go(to: Position): Promise<void>;
  play(from: Position, to: Position, milliseconds: number): Promise<void>;
  stop(): void;
  /** Covers what answers a question, or shows it; only where it computes the states itself. */
  cover?(isCovered: boolean): void;
  /** The picture of a plot with what is drawn above it. */
  pictureWith?(plot: string): Promise<string>;
}

type Make = (node: PlotNode, figure: PlotFigure) => FigurePlayer;

/** The player that a node has, and what made it. */
export type NodePlayer = FigurePlayer & { make: Make };

interface Step {
  label?: string;
  method?: string;
  args?: [names: string[], ...unknown[]];
}

interface Slider {
  steps: Step[];
  active?: number;
  currentvalue?: { prefix?: string };
  pad?: { t?: number };
}

interface Menu {
  buttons?: { name?: string; method?: string; args?: [unknown, { frame?: { duration?: number } }?] }[];
}

/** The slider that the row replaces, or undefined. */
function sliderOf(figure: PlotFigure): Slider | undefined {
  const { layout, frames = [] } = figure;
  const [slider, ...others]: Partial<Slider>[] = layout?.sliders ?? [];
  if (!slider || others.length > 0 || isRace(figure)) return undefined;
  const { steps = [] } = slider;
  const names = new Set(frames.map(({ name }) => name));
  const isFrame = ({ method, args }: Step) =>
    method === 'animate' && Array.isArray(args?.[0]) && names.has(args[0][0]!);
  return steps.length > 0 && steps.every(isFrame) ? { ...slider, steps } : undefined;
}

const isPlayed = ({ buttons = [] }: Menu): boolean =>
  buttons.length > 0 && buttons.every(({ method }) => method === 'animate');

/** The figure without its slider over frames, and with room for the row; any other as it is. */
export function withoutSlider(figure: PlotFigure): PlotFigure {
  const slider = sliderOf(figure);
  if (!slider) return figure;
  // Other programs' figures may leave out the height and the margin.
  const { sliders: _, updatemenus = [], height = 450, margin, ...layout } = figure.layout as Partial<PlotLayout>;
  const { b = 80 } = margin ?? {};
  const others = updatemenus.filter((menu: Menu) => !isPlayed(menu));
  // They leave it to plotly to find room for a slider, too.
  const top = slider.pad?.t ?? Number.NaN;
  const room = margin && margin.b > top ? b - top : 0;
  const row = rowHeight + (layout.meta?.slider?.strip ? stripHeight : 0);
  const { meta, ...lower } = withChipsRoom(
    withRoomBelow({ ...layout, height, margin: { ...margin, b } as PlotLayout['margin'] }, row - room),
    slider,
  );
  return {
    ...figure,
    // In narrow places, what is below the axes is above the row.
    layout: { ...lower, meta: { ...meta, row }, ...(others.length > 0 && { updatemenus: others }) },
  };
}

/** The figure as it is drawn here: races, descents and figures with a slider over frames have rows of their own. */
export const withOwnPlayer = (figure: PlotFigure): PlotFigure =>
  withSettingsRow(livePlayerOf(figure) ? withOwnControls(figure) : withoutSlider(withoutRaceSlider(figure)));

/** The player of a plot, which stays with its node. @param figure with its slider @returns undefined if it is not to be played */
export function playerOn(node: PlotNode, figure: PlotFigure): FigurePlayer | undefined {
  const make: Make | undefined = livePlayerOf(figure) ?? (sliderOf(figure) ? playerOf : undefined);
  if (node.gradlabPlayer && node.gradlabPlayer.make !== make) {
    node.gradlabPlayer.stop();
    node.gradlabPlayer.chips?.remove();
    node.gradlabPlayer.row.remove();
    delete node.gradlabPlayer;
  }
  if (node.gradlabPlayer) node.gradlabPlayer.read(figure);
  else if (make) node.gradlabPlayer = Object.assign(make(node, figure), { make });
  node.gradlabPlayer?.attach();
  return node.gradlabPlayer;
}

const playerOf = (node: PlotNode, figure: PlotFigure) => new Player(node, figure);

/** A filled map, and the copy of it that is shown while plotly redraws it. */
export interface KeptMap {
  readonly image: SVGImageElement;
  readonly source: string | null;
  kept: SVGImageElement | undefined;
  isLoaded: Promise<void>;
  /** Another one has replaced it. */
  replace(): void;
}

/** The data of an image. */
const sourceOf = (image: Element): string | null => image.getAttribute('xlink:href') ?? image.getAttribute('href');

/**
 * Keeps maps filled while they are redrawn. Plotly makes a new image, or gives an image new data, which the browser loads after the
 * next frame, so that the map would flash white. Until then, a copy of the last image lies below. `node.gradlabMaps` settles when all images are loaded.
 */
export function keepMaps(node: PlotNode): void {
  const before = node.gradlabKept ?? [];
  // Below a translucent image a copy would be seen.
  const images = [...node.querySelectorAll<SVGImageElement>('.mlayer image')].filter(({ style }) =>
    ['', '0', '1'].includes(style.opacity),
  );
  const maps = images.map((image, i) => {
    const map = before[i];
    return map?.image === image && map.source === sourceOf(image) ? map : mapOf(image, map?.kept);
  });
  for (const old of before) {
    if (maps.includes(old)) continue;
    old.replace();
    if (!maps.some(({ kept }) => kept === old.kept)) old.kept?.remove();
  }
  node.gradlabKept = maps;
  node.gradlabMaps = Promise.all(maps.map(({ isLoaded }) => isLoaded));
}

/** An image that plotly has just filled, and the copy that is kept of the last one. */
function mapOf(image: SVGImageElement, kept: SVGImageElement | undefined): KeptMap {
  let settleNow = () => {};
  // The next redraw takes the image away, and one that is put back is loaded again: its copy stays in a place of its own. It is not
  // hidden, because browsers decode only what is seen.
  const copy = image.cloneNode() as SVGImageElement;
  copy.setAttribute('class', 'gradlab-kept');
  image.closest('.mlayer')!.parentElement!.prepend(copy);
  if (kept) for (const side of ['x', 'y', 'width', 'height']) kept.setAttribute(side, image.getAttribute(side)!);
  let isReplaced = false;
  const map: KeptMap = {
    image,
    source: sourceOf(image),
    kept,
    isLoaded: new Promise((settle) => {
      copy.addEventListener('load', () => {
        if (isReplaced) return;
        kept?.remove();
        map.kept = copy;
        settle();
      });
      copy.addEventListener('error', () => settle());
      settleNow = settle;
    }),
    replace() {
      if (map.kept !== copy) copy.remove();
      isReplaced = true;
      settleNow();
    },
  };
  return map;
}

/** Slow at both ends. */
const eased = (share: number) => share * share * (3 - 2 * share);

/** Plays frames. */
export class Player implements FigurePlayer {
  readonly row = newRow();
  /** The range, and above it a place for a curve. */
  readonly track = document.createElement('span');
  readonly range = document.createElement('input');
  private readonly label = document.createElement('span');
  private readonly value = document.createElement('output');
  private readonly player: HTMLButtonElement;
  private readonly faster: HTMLButtonElement;
  private speed = 0;
  chips: Chips | undefined;
  /** The names of the slider's values, and their frames. */
  names: string[] = [];
  frames: PlotFrame[] = [];
  first = 0;
  /** The value shown; undefined before the first figure. */
  private shown: number | undefined;
  /** What the question's figure adds, see questions/lesson.ts: a curve, and the trace whose last point can be dragged. */
  strip: HTMLElement | undefined;
  handle: number | undefined;
  /** The frame that is shown for a value; and that which answers, where a question covers it. */
  frameOf = (i: number): PlotFrame => this.frames[i]!;
  tellingFrame: ((i: number) => PlotFrame) | undefined;
  /** Called after `at` has changed. */
  onChange = (): void => {};
  private whole = whole;
  private plot: unknown;
  private playing: { rest(): void } | undefined;
  private own: { rest(): void } | undefined;
  private drawing: Promise<void> | undefined;
  private isLate = false;

  constructor(
    readonly node: PlotNode,
    figure: PlotFigure,
  ) {
    addStyle();
    this.row.className = 'gradlab-player';
    this.player = addButton(this.row, 'play', '▶', () => (this.playing ? this.stop() : void this.playOn()));
    this.player.className = 'play';
    this.player.hidden = wantsCalm();
    addButton(this.row, 'one step on', '▸|', () => {
      this.stop();
      void this.go((this.at + 1) % this.count);
    }).className = 'on';
    // The range has the name.
    this.label.setAttribute('aria-hidden', 'true');
    this.label.className = 'label';
    this.track.className = 'track';
    Object.assign(this.range, { type: 'range', min: '0', step: '1' });
    this.range.onpointerdown = () => this.stop();
    this.range.oninput = () => {
      const to = Number(this.range.value); // which stopping puts back
      this.stop();
      void this.go(to);
    };
    this.track.append(this.range);
    // Screen readers announce the range's own value, and none while it plays.
    this.value.setAttribute('aria-live', 'off');
    this.row.append(this.label, this.track, this.value);
    this.faster = addButton(this.row, '', '', () => {
      this.speed = (this.speed + 1) % speeds.length;
      this.tell();
      if (this.playing && this.playing === this.own) void this.playOn();
    });
    this.faster.className = 'speed';
    this.faster.hidden = wantsCalm();
    this.read(figure);
  }

  /** The number of the value shown. */
  get at(): number {
    return this.shown ?? this.first;
  }

  private get count(): number {
    return this.names.length;
  }

  /** Takes over a figure's frames; it stays at its value if that still exists. */
  read(figure: PlotFigure): void {
    const { steps, active = 0, currentvalue } = sliderOf(figure)!;
    const before = this.shown === undefined ? undefined : this.names[this.shown];
    const wasThere = before !== undefined;
    this.names = steps.map(({ label, args }) => plain(label ?? args![0][0]!));
    const byName = new Map((figure.frames ?? []).map((frame) => [frame.name, frame]));
    this.frames = steps.map(({ args }) => byName.get(args![0][0]!)!);
    this.first = Math.min(active, this.count - 1);
    const now = wasThere ? this.names.indexOf(before) : -1;
    if (now !== this.shown) this.stop();
    this.shown = now < 0 ? this.first : now;
    const menus: Menu[] = figure.layout.updatemenus ?? [];
    const buttons = menus.filter(isPlayed).flatMap((menu) => menu.buttons ?? []);
    const stay = buttons.find(({ name }) => name === 'play')?.args?.[1]?.frame?.duration;
    this.whole = stay ? stay * this.count : whole;
    const label = plain(currentvalue?.prefix ?? '').replace(/:\s*$/, '') || 'value';
    this.label.textContent = label;
    this.range.setAttribute('aria-label', label);
    this.range.max = String(this.count - 1);
    const longest = Math.max(...this.names.map(({ length }) => length));
    this.value.style.minWidth = `min(${longest}ch, 40%)`;
    if (chipsIn(figure)) this.chips ??= new Chips(this.node);
    else {
      this.chips?.remove();
      this.chips = undefined;
    }
    this.chips?.read(figure, this.at);
    this.tell();
    if (wasThere && now < 0) this.onChange();
  }

  /** Puts the row below a plot that has just been drawn. */
  attach(): void {
    const { node, row } = this;
    // What was being drawn belongs to a plot that is gone.
    if (row.parentNode !== node) this.drawing = undefined;
    node.style.position = 'relative';
    if (row.parentNode !== node) node.append(row);
    if (this.plot !== node._ev) {
      this.plot = node._ev;
      node.on('plotly_afterplot', () => this.place());
    }
    this.chips?.attach();
    this.place();
  }

  /** The plot, just drawn, shows the figure's own first value: now that of the row. */
  async catchUp(): Promise<void> {
    if (this.at !== this.first) await this.go(this.at);
  }

  /** Shows a value. Of several in a row, only the newest is drawn. */
  go(i: number): Promise<void> {
    const before = this.at;
    this.shown = Math.min(this.count - 1, Math.max(0, Math.round(i)));
    this.isLate = true;
    this.tell();
    if (this.at !== before) this.onChange();
    this.drawing ??= this.draw();
    return this.drawing;
  }

  private async draw(): Promise<void> {
    const still = { mode: 'immediate', frame: { duration: 0, redraw: true }, transition: { duration: 0 } };
    await undefined; // what is asked for in one go is one
    for (let failures = 0; this.isLate; ) {
      this.isLate = false;
      try {
        await plotly().animate(this.node, this.frameOf(this.at), still);
        await this.node.gradlabMaps;
      } catch {
        // Something else was drawn before this frame's turn, at the value before: once more, but not for ever.
        failures += 1;
        this.isLate ||= failures < mostTries && this.node.isConnected;
      }
    }
    this.drawing = undefined;
  }

  /** Goes from one value to another in so much time, by the clock: a slow machine leaves values out. */
  play(from: number, to: number, milliseconds: number): Promise<void> {
    this.stop();
    if (wantsCalm()) return this.go(to);
    return new Promise((rest) => {
      const playing = { rest };
      this.playing = playing;
      this.tell();
      const started = performance.now();
      const tick = () => {
        if (this.playing !== playing) return;
        if (!this.node.isConnected) return this.stop();
        const share = Math.min(1, (performance.now() - started) / milliseconds);
        const at = Math.round(from + (to - from) * eased(share));
        if (at !== this.at) void this.go(at);
        if (share < 1) requestAnimationFrame(tick);
        else void Promise.resolve(this.drawing).then(() => this.playing === playing && this.stop());
      };
      tick();
    });
  }

  stop(): void {
    const { playing } = this;
    if (!playing) return;
    this.playing = undefined;
    this.tell();
    playing.rest();
  }

  /** Plays from the value shown on; from the last one, all. */
  private playOn(): Promise<void> {
    const last = this.count - 1;
    const from = this.at < last ? this.at : 0;
    const [speed] = speeds[this.speed]!;
    const own = this.play(from, last, (this.whole * (last - from)) / Math.max(1, last) / speed);
    this.own = this.playing;
    return own;
  }

  /** While it waits for what it would show, nothing moves it. */
  setWaiting(isWaiting: boolean): void {
    this.row.setAttribute('aria-busy', String(isWaiting));
    for (const control of this.row.querySelectorAll<HTMLButtonElement | HTMLInputElement>('button, input'))
      control.disabled = isWaiting;
  }

  /** The row says where it is. */
  private tell(): void {
    const [, speed] = speeds[this.speed]!;
    if (this.playing) say(this.player, 'pause', '❚❚');
    else say(this.player, 'play', '▶');
    say(this.faster, `speed ${speed}`, speed);
    const name = this.names[this.at] ?? '';
    this.range.value = String(this.at);
    this.range.setAttribute('aria-valuetext', name);
    this.value.textContent = name;
    this.chips?.show(this.at);
  }

  /** Below the axes; where that is little, below all of the figure. */
  private place(): void {
    const layout = this.node._fullLayout;
    if (!layout?._size) return;
    const { width, _size: size } = layout;
    const isNarrow = width < narrowBelow;
    this.row.classList.toggle('narrow', isNarrow);
    const isWide = !isNarrow && size.w > 0.6 * width;
    const [left, end] = isWide ? [size.l, size.l + size.w] : [8, width - 8];
    this.row.style.left = `${Math.round(left)}px`;
    this.row.style.width = `${Math.round(end - left)}px`;
    this.row.style.bottom = `${this.chips?.height ?? 0}px`;
  }
}

/** A text of plotly's without its marks. */
const plain = (text: string) => String(text).replace(/<\/?(b|i|u|s|sub|sup|em|br|span|a)\b[^>]*>/g, '');

const accent = 'var(--accent, var(--jp-brand-color1, #0b5fa5))';

function addStyle(): void {
  if (document.getElementById('gradlab-player')) return;
  const style = document.createElement('style');
  style.id = 'gradlab-player';
  style.textContent = `
.gradlab-player { position: absolute; bottom: 0; height: ${rowHeight}px; box-sizing: border-box; display: flex; gap: 8px;
  align-items: center; font: 13px/1.2 Arial, Helvetica, sans-serif; color: var(--jp-content-font-color1, CanvasText) }
.gradlab-player > button { flex: none; box-sizing: border-box; min-width: 28px; height: 28px; min-height: 0; margin: 0; padding: 0 4px; cursor: pointer;
  color: inherit; background: transparent; border: 1px solid #8A8A8A; border-radius: 4px; font: inherit; line-height: 1 }
.gradlab-player > button.play { width: 36px; height: 36px; padding: 0; border-radius: 50%; font-size: 14px }
.gradlab-player > button.speed { min-width: 34px }
.gradlab-player > button:hover:enabled { border-color: ${accent} }
.gradlab-player > :is(button, .track > input):disabled { opacity: 0.5; cursor: default }
.gradlab-player > button[hidden] { display: none }
.gradlab-player > .label { flex: 0 1 auto; max-width: 40%; text-wrap: balance }
.gradlab-player > .track { position: relative; flex: 1 1 60px; min-width: 60px; display: flex; align-items: center }
.gradlab-player > .track > input { width: 100%; min-width: 0; height: 24px; margin: 0; cursor: pointer; accent-color: ${accent}; touch-action: pan-y }
.gradlab-player > output { flex: 0 1 auto; max-width: 40%; font-variant-numeric: tabular-nums }
.gradlab-player.narrow { display: grid; grid-template: 16px 24px / auto auto minmax(0, 1fr) auto; gap: 0 8px }
.gradlab-player.narrow > button { grid-row: 1 / 3 }
/* A second line of a long label goes up. */
.gradlab-player.narrow > .label { grid-area: 1 / 3; align-self: end; max-width: none; font-size: 12px; line-height: 1.1 }
.gradlab-player.narrow > output { grid-area: 1 / 4; align-self: end; max-width: none; font-size: 12px; line-height: 1.1; text-align: right; white-space: nowrap }
.gradlab-player.narrow > .track { grid-area: 2 / 3 / auto / 5 }
.gradlab-player.narrow > .speed { display: none }
@media print { .gradlab-player { display: none } }`;
  document.head.append(style);
}
