// What interactive figures with a surface beside its map have in common: an overlay with title, canvas and controls. plotly draws surface
// and map once; balls and paths are drawn on the canvas.

import {
  anglesOf,
  cameraOf,
  type DescentParts,
  type Ground,
  groundOf,
  isInBox,
  orbit,
  type Place,
  rangesOf,
  weightText,
} from '../../src/lab/plot/descent-path';
import { drawHome, drawName, type Spot } from './descent-look';
import { type PlaneAxis, type PlotFigure, type PlotLayout, type PlotNode, plotly } from './plotly';
import { addButton, newRow, say, wantsCalm } from './row';
import { clearedPen, isHidden, type SceneView, viewOf, whenRendered } from './space';

/** Heights above and below the views in pixels: side by side, and stacked. */
export interface Heights {
  wide: number;
  narrow: number;
}
const titleHeights: Heights = { wide: 34, narrow: 66 };
/** Exponent of the ease-in: the first, long steps play slowly. */
const slowStart = 1.6;
/** Height of paths above the surface, as a fraction of the top. */
const lift = 0.012;

/** The smallest camera distance, and the aspect ratio from which it applies. */
const [nearest, roomyShape] = [2.36, 1.45];

/** What all these figures hold in their `layout.meta`. */
export type LiveParts = Pick<DescentParts, 'loss' | 'start' | 'steps' | 'domain' | 'domain2' | 'top' | 'camera'>;

/** A figure without paths and title, which the overlay draws, and with room for the controls. */
export function withRoomForControls(figure: PlotFigure, controls: Heights): PlotFigure {
  const { title: _, annotations: __, ...layout } = figure.layout;
  const roomy = (one: PlotLayout, above: number, below: number) => ({
    ...one,
    height: one.height + above - one.margin.t + below,
    margin: { ...one.margin, t: above, b: one.margin.b + below },
  });
  const { narrow } = layout.meta;
  const meta = {
    ...layout.meta,
    narrow: { ...narrow, layout: roomy(narrow.layout, titleHeights.narrow, controls.narrow) },
  };
  return {
    ...figure,
    data: figure.data.map((trace) => (trace.meta?.live === 'still' ? { ...trace, visible: false } : trace)),
    layout: {
      ...roomy(layout as PlotLayout, titleHeights.wide, controls.wide),
      dragmode: false,
      hovermode: false,
      meta,
    },
    config: { ...figure.config, displayModeBar: false },
  };
}

/** A slider and the output with its value. */
export interface Slider {
  label: HTMLLabelElement;
  input: HTMLInputElement;
  value: HTMLOutputElement;
}

const plain = (title: string) => title.replace(/<br>/g, ' ').replace(/<[^>]*>/g, '');

/** A figure whose states the page computes. */
export abstract class Live<Parts extends LiveParts, State extends { step: number }> {
  /** The overlay: title, canvas, the map's drag area and the controls. */
  readonly row: HTMLDivElement;
  private readonly canvas = document.createElement('canvas');
  private readonly title = document.createElement('p');
  private readonly hand = document.createElement('div');
  protected readonly controls = document.createElement('div');
  /** The controls below the play buttons. */
  protected readonly knobs = document.createElement('div');
  private readonly player: HTMLButtonElement;
  private readonly on: HTMLButtonElement;
  protected readonly stepSlider: Slider;
  protected readonly angleSliders: { elev: Slider; azim: Slider };
  protected readonly startSliders: { w1: Slider; w2: Slider };
  protected parts!: Parts;
  protected ground!: Ground;
  protected start: Place = [0, 0];
  protected steps = 1;
  /** The number of steps made; a fraction puts the ball between two. */
  protected at = 0;
  private playing: { rest(): void } | undefined;
  /** The camera distance that fits the scene's area. */
  private fitting: number | undefined;
  /** The title before an answer is chosen. */
  private before: string | undefined;
  protected isCovered = false;
  private plot: unknown;
  /** The initial state. */
  first!: State;

  constructor(
    protected readonly node: PlotNode,
    private readonly heights: Heights,
  ) {
    addStyle();
    this.row = newRow();
    this.row.className = 'gradlab-descent';
    this.title.className = 'title';
    // The class excludes it from the renderer's count of plotly's canvases.
    this.canvas.className = 'gradlab-race';
    this.hand.className = 'hand';
    this.hand.onpointerdown = (event) => this.drag(event);
    this.controls.className = 'controls';
    const play = document.createElement('div');
    play.className = 'play';
    this.player = addButton(play, 'play', '▶', () => (this.playing ? this.stop() : void this.playOn()));
    this.player.hidden = wantsCalm();
    this.on = addButton(play, 'one step on', '▸|', () => {
      this.stop();
      this.moveTo(this.step < this.steps ? this.step + 1 : 0);
    });
    this.knobs.className = 'knobs';
    this.stepSlider = slider(play, 'step', (step) => {
      this.stop();
      this.moveTo(step);
    });
    const move = (to: (value: number) => Place) => (value: number) => {
      this.start = to(value);
      this.compute();
    };
    this.startSliders = {
      w1: slider(
        this.knobs,
        'start w₁',
        move((w1) => [w1, this.start[1]]),
      ),
      w2: slider(
        this.knobs,
        'start w₂',
        move((w2) => [this.start[0], w2]),
      ),
    };
    this.angleSliders = {
      elev: slider(this.knobs, 'elevation', (elev) => this.turn({ elev })),
      azim: slider(this.knobs, 'azimuth', (azim) => this.turn({ azim })),
    };
    this.controls.append(play, this.knobs);
    this.row.append(this.title, this.canvas, this.hand, this.controls);
  }

  /** The data in a figure. */
  protected abstract partsIn(figure: PlotFigure): Parts;
  /** The state that a figure without a question opens in. */
  protected abstract opening(parts: Parts): State;
  /** Sets the sliders of its own for new data. */
  protected prepare(_deciding: State | undefined): void {}
  /** Takes over a state, other than its step. */
  protected take(_state: State): void {}
  /** Computes the paths. */
  protected abstract solve(): void;
  protected abstract titleNow(): string;
  /** Where playing ends. */
  protected abstract get end(): number;
  /** Shortest and longest duration of all steps, and the duration of one, in milliseconds. */
  protected abstract readonly pace: readonly [shortest: number, longest: number, aStep: number];
  /** The words of the step's slider for a screen reader. */
  protected abstract spokenStep(): string;
  /** Updates what is below the sliders. */
  protected abstract tellMore(): void;
  protected abstract paintMap(pen: CanvasRenderingContext2D, axes: { x: PlaneAxis; y: PlaneAxis }): void;
  protected abstract paintSpace(pen: CanvasRenderingContext2D, view: SceneView): void;

  get step(): number {
    return Math.floor(this.at + 1e-9);
  }

  /** Reads a figure. A different one starts in its initial state. */
  read(figure: PlotFigure): void {
    const parts = this.partsIn(figure);
    const { lesson } = figure.layout.meta;
    this.before = plain(figure.layout.title?.text ?? '');
    const isOther = JSON.stringify(parts) !== JSON.stringify(this.parts);
    this.first = (lesson?.from as State | undefined) ?? this.opening(parts);
    if (!isOther) return;
    this.stop();
    this.parts = parts;
    this.ground = groundOf(parts.loss);
    const [range1, range2] = rangesOf(parts);
    const { w1, w2 } = this.startSliders;
    const { elev, azim } = this.angleSliders;
    limit(this.stepSlider, 0, parts.steps, 1);
    limit(w1, ...range1, fineOf(range1));
    limit(w2, ...range2, fineOf(range2));
    limit(elev, 0, 90, 1);
    limit(azim, -180, 180, 1);
    this.prepare(lesson?.deciding as State | undefined);
    this.showAngles(parts.camera);
    this.show(this.first);
  }

  /** Before an answer: shows the question's title and disables the controls that would reveal the answer. */
  cover(isCovered: boolean): void {
    this.isCovered = isCovered;
    if (!isCovered) this.before = undefined;
    for (const control of [this.player, this.on, this.stepSlider.input, ...this.revealing()])
      control.disabled = isCovered;
    this.row.setAttribute('aria-busy', String(isCovered));
    this.tell();
  }

  /** The controls of its own that would reveal an answer. */
  protected revealing(): HTMLInputElement[] {
    return [];
  }

  /** Attaches the overlay to a plot that has just been drawn. */
  attach(): void {
    const { node, row } = this;
    node.style.position = 'relative';
    if (row.parentNode !== node) node.append(row);
    if (this.plot !== node._ev) {
      this.plot = node._ev;
      node.on('plotly_afterplot', () => this.place());
    }
    whenRendered(node, 'scene', () => this.seen());
    this.place();
  }

  async catchUp(): Promise<void> {
    this.place();
  }

  /** Shows a state, from the figure's original start. */
  async go(state: State): Promise<void> {
    this.show(state);
  }

  private show(state: State): void {
    const { start, steps } = this.parts;
    Object.assign(this, { start, steps, at: state.step });
    this.take(state);
    this.compute();
  }

  /** How much of the time after an answer belongs to a change before the first step. */
  protected leadOf(_from: State, _to: State): number {
    return 0;
  }
  /** Makes a share of that change. */
  protected change(_from: State, _to: State, _share: number): void {}

  /** Animates from one state to another. */
  play(from: State, to: State, milliseconds: number): Promise<void> {
    this.stop();
    if (wantsCalm()) return this.go(to);
    this.show(from);
    const lead = this.leadOf(from, to);
    return this.run(milliseconds, (share) => {
      this.change(from, to, lead > 0 ? Math.min(1, share / lead) : 1);
      this.at = from.step + (to.step - from.step) * Math.max(0, (share - lead) / (1 - lead));
      this.compute();
    });
  }

  stop(): void {
    const { playing } = this;
    if (!playing) return;
    this.playing = undefined;
    this.at = Math.round(this.at);
    this.tell();
    this.paint();
    playing.rest();
  }

  /** Plays from the current step, or from the start if it is at the end. */
  private playOn(): Promise<void> {
    const { end } = this;
    const [shortest, longest, aStep] = this.pace;
    const whole = Math.min(longest, Math.max(shortest, aStep * end));
    const from = this.at < end ? (this.at / end) ** (1 / slowStart) : 0;
    return this.run(whole * (1 - from), (share) => {
      this.at = end * (from + (1 - from) * share) ** slowStart;
      this.tell();
      this.paint();
    });
  }

  private run(milliseconds: number, act: (share: number) => void): Promise<void> {
    return new Promise((rest) => {
      const playing = { rest };
      this.playing = playing;
      const started = performance.now();
      const tick = () => {
        if (this.playing !== playing) return;
        if (!this.node.isConnected) return this.stop();
        const share = Math.min(1, (performance.now() - started) / milliseconds);
        act(share);
        if (share < 1) requestAnimationFrame(tick);
        else this.stop();
      };
      tick();
    });
  }

  private moveTo(at: number): void {
    this.at = Math.min(this.steps, Math.max(0, at));
    this.tell();
    this.paint();
  }

  /** Recomputes the paths and redraws. */
  protected compute(): void {
    this.solve();
    this.at = Math.min(this.at, this.steps);
    this.stepSlider.input.max = String(this.steps);
    this.tell();
    this.paint();
  }

  /** Rotates the camera at a constant distance. */
  private turn(by: Partial<DescentParts['camera']>): void {
    const camera = this.camera();
    if (!camera) return;
    const { elev, azim, far } = anglesOf(camera);
    void plotly().relayout(this.node, { 'scene.camera': cameraOf({ elev, azim, ...by }, far, camera.center) });
  }

  private camera() {
    return this.node._fullLayout?.scene?._scene?.getCamera?.() as ReturnType<typeof cameraOf> | undefined;
  }

  /** Updates the angle sliders after a render, since the reader may have rotated the scene. */
  private seen(): void {
    const camera = this.camera();
    if (camera) this.showAngles(anglesOf(camera));
    this.paint();
  }

  private showAngles({ elev, azim }: DescentParts['camera']): void {
    for (const [one, angle] of [
      [this.angleSliders.elev, Math.round(elev)],
      [this.angleSliders.azim, Math.round(azim)],
    ] as const)
      show(one, angle, `${weightText(angle)}°`);
  }

  /** The step shown while the start is dragged. */
  protected afterDrag(): number {
    return 0;
  }

  /** Dragging on the map sets the start. */
  private drag(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.stop();
    const axes = this.axes();
    if (!axes) return;
    event.preventDefault();
    const { left, top } = this.node.getBoundingClientRect();
    const [range1, range2] = rangesOf(this.parts);
    const weight = ({ _offset, p2d }: PlaneAxis, at: number, range: readonly [number, number]) => {
      const fine = fineOf(range);
      return Math.min(range[1], Math.max(range[0], Math.round(p2d(at - _offset) / fine) * fine));
    };
    const move = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      const to: Place = [weight(axes.x, clientX - left, range1), weight(axes.y, clientY - top, range2)];
      if (!isInBox(this.ground, this.parts, to)) return;
      this.start = to;
      this.at = this.afterDrag();
      this.compute();
    };
    const ending = new AbortController();
    const { signal } = ending;
    this.hand.setPointerCapture(event.pointerId);
    this.hand.addEventListener('pointermove', move, { signal });
    for (const end of ['pointerup', 'pointercancel']) this.hand.addEventListener(end, () => ending.abort(), { signal });
    move(event);
  }

  private axes(): { x: PlaneAxis; y: PlaneAxis } | undefined {
    return this.axesOf('');
  }

  protected axesOf(number: '' | 2 | 3): { x: PlaneAxis; y: PlaneAxis } | undefined {
    const layout = this.node._fullLayout;
    const [x, y] = [layout?.[`xaxis${number}`], layout?.[`yaxis${number}`]];
    return x?._length && y?._length ? { x, y } : undefined;
  }

  /** Aligns the overlay with the views. */
  private place(): void {
    const { node } = this;
    const layout = node._fullLayout;
    if (!layout || node.offsetWidth === 0) return;
    const isNarrow = layout.scene ? layout.scene.domain.x[1] === 1 : node.offsetWidth < layout.meta.narrow.below;
    this.row.classList.toggle('narrow', isNarrow);
    this.row.style.setProperty('--title', `${layout.margin.t}px`);
    this.row.style.setProperty('--controls', `${this.heights[isNarrow ? 'narrow' : 'wide']}px`);
    if (layout.scene) this.frame(layout);
    const axes = this.axes();
    if (axes) {
      const { x, y } = axes;
      Object.assign(this.hand.style, {
        left: `${x._offset}px`,
        top: `${y._offset}px`,
        width: `${x._length}px`,
        height: `${y._length}px`,
      });
    }
    this.paint();
  }

  /** Adjusts the camera distance to the aspect ratio of the scene's area, so that the surface fills it. */
  private frame({ scene, _size: { w, h } }: PlotLayout): void {
    const { x, y } = scene.domain;
    const shape = (w * (x[1] - x[0])) / (h * (y[1] - y[0]));
    const fitting = nearest * Math.max(1, roomyShape / shape) ** 0.9;
    const camera = this.camera();
    const before = this.fitting ?? orbit;
    if (!camera || Math.abs(fitting / before - 1) < 0.01) return;
    this.fitting = fitting;
    const { elev, azim, far } = anglesOf(camera);
    void plotly().relayout(this.node, {
      'scene.camera': cameraOf({ elev, azim }, (far * fitting) / before, camera.center),
    });
  }

  /** Updates title, sliders and what is below them. */
  private tell(): void {
    if (this.parts === undefined) return;
    const { step, steps, start, startSliders } = this;
    if (this.playing) say(this.player, 'pause', '❚❚');
    else say(this.player, 'play', '▶');
    this.title.textContent = this.before ?? this.titleNow();
    show(this.stepSlider, step, `${step} of ${steps}`, this.spokenStep());
    show(startSliders.w1, start[0], weightText(start[0]));
    show(startSliders.w2, start[1], weightText(start[1]));
    this.tellMore();
  }

  protected paint(): void {
    if (this.parts === undefined) return;
    const pen = clearedPen(this.node, this.canvas);
    if (!pen) return;
    const axes = this.axes();
    if (axes) this.paintMap(pen, axes);
    const view = viewOf(this.node, 'scene');
    if (view) this.paintSpace(pen, view);
    this.painted = (this.painted ?? 0) + 1;
  }

  /** The number of redraws, for tests. */
  painted: number | undefined;

  /** The minima in the picture. */
  protected homes(): Place[] {
    return this.ground.minima.filter((at) => isInBox(this.ground, this.parts, at));
  }

  /** Draws the minima with their names. */
  protected drawHomes(
    pen: CanvasRenderingContext2D,
    spot: (at: Place) => Spot,
    box: SceneView['box'],
    { name = () => 'home', isBehind = () => false }: { name?(i: number): string; isBehind?(at: Place): boolean } = {},
  ): void {
    for (const [i, home] of this.homes().entries()) {
      faintIf(pen, isBehind(home), () => drawHome(pen, spot(home), 8));
      if (name(i) !== '') drawName(pen, name(i), spot(home), box, { isBelow: true });
    }
  }

  /** A point on the surface, in the scene's coordinates. */
  protected raised(at: Place): number[] {
    return [...at, Math.min(this.parts.top, this.ground.loss(at)) + lift * this.parts.top];
  }

  protected isBehind(view: SceneView, at: Place): boolean {
    const { ground, parts } = this;
    const [low, high] = parts.domain;
    const heightAt = (x: number, y: number) =>
      x >= low && x <= high && y >= low && y <= high ? ground.loss([x, y]) : undefined;
    return isHidden({ heightAt, bottom: 0, top: parts.top }, [...at, ground.loss(at)], view.eye);
  }

  /** The plot with canvas and title as a data URL. */
  async pictureWith(plot: string): Promise<string> {
    const { canvas, title, node } = this;
    const image = new Image();
    image.src = plot;
    await image.decode();
    const both = document.createElement('canvas');
    [both.width, both.height] = [canvas.width, canvas.height];
    const pen = both.getContext('2d')!;
    pen.drawImage(image, 0, 0, both.width, both.height);
    pen.drawImage(canvas, 0, 0);
    const scale = canvas.width / Math.max(1, node.offsetWidth);
    pen.scale(scale, scale);
    pen.font = '600 16px Arial, Helvetica, sans-serif';
    pen.fillStyle = getComputedStyle(title).color;
    pen.fillText(title.textContent ?? '', 12, 28, node.offsetWidth - 24);
    return both.toDataURL();
  }
}

/** The distance between two places of a start on its slider. */
const fineOf = ([low, high]: readonly [number, number]) => (high - low) / 80;

/** The map's area, and the position of a place on it. */
export function mapView({ x, y }: { x: PlaneAxis; y: PlaneAxis }): { box: SceneView['box']; spot(at: Place): Spot } {
  const box = { left: x._offset, top: y._offset, width: x._length, height: y._length };
  return { box, spot: ([u, v]) => [box.left + x.d2p(u), box.top + y.d2p(v)] };
}

export function inside(pen: CanvasRenderingContext2D, box: SceneView['box'], draw: () => void): void {
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.clip();
  draw();
  pen.restore();
}

export function faintIf(pen: CanvasRenderingContext2D, isFaint: boolean, draw: () => void): void {
  pen.globalAlpha = isFaint ? 0.35 : 1;
  draw();
  pen.globalAlpha = 1;
}

/** Removes the points of a line that are nearer than `near` to the last one kept. */
export const spaced = (near: number) => (line: Place[]) => {
  const kept = line.slice(0, 1);
  for (const at of line.slice(1)) {
    const [u, v] = kept.at(-1)!;
    if (Math.hypot(at[0] - u, at[1] - v) > near) kept.push(at);
  }
  return kept;
};

/** Splits lines into visible and hidden pieces, which share their end points. */
export function parted(lines: Place[][], isBehind: (at: Place) => boolean): { seen: Place[][]; hidden: Place[][] } {
  const parts = { seen: [] as Place[][], hidden: [] as Place[][] };
  for (const line of lines) {
    let kind: 'seen' | 'hidden' | undefined;
    for (const [i, at] of line.entries()) {
      const now = isBehind(at) ? 'hidden' : 'seen';
      if (now !== kind) parts[now].push(i > 0 ? [line[i - 1]!] : []);
      parts[now].at(-1)!.push(at);
      kind = now;
    }
  }
  return parts;
}

export function slider(row: Element, name: string, act: (value: number) => void): Slider {
  const label = document.createElement('label');
  const words = document.createElement('span');
  words.textContent = name;
  const input = document.createElement('input');
  input.type = 'range';
  input.ariaLabel = name;
  const value = document.createElement('output');
  // Screen readers announce the value of the range itself.
  value.setAttribute('aria-live', 'off');
  input.oninput = () => act(Number(input.value));
  label.append(words, input, value);
  row.append(label);
  return { label, input, value };
}

export function limit({ input }: Slider, min: number, max: number, step: number): void {
  Object.assign(input, { min: String(min), max: String(max), step: String(step) });
}

/** Sets a slider's position and its displayed value. */
export function show({ input, value }: Slider, at: number, text: string, spoken = text): void {
  if (Number(input.value) !== at) input.value = String(at);
  if (value.textContent !== text) value.textContent = text;
  input.setAttribute('aria-valuetext', spoken);
}

const accent = 'var(--accent, var(--jp-brand-color1, var(--own-accent)))';

function addStyle(): void {
  if (document.getElementById('gradlab-descent')) return;
  const style = document.createElement('style');
  style.id = 'gradlab-descent';
  style.textContent = `
/* The page's two themes. */
.gradlab-descent { --numbers: #a34100; --edge: #7d868e; --own-accent: #0b5fa5; color-scheme: light; position: absolute; inset: 0; pointer-events: none; font: 13px/1.25 Arial, Helvetica, sans-serif;
  color: var(--jp-content-font-color1, CanvasText) }
body[data-jp-theme-light="false"] .gradlab-descent { --numbers: #ff9a4d; --edge: #7f8991; --own-accent: #7cbcf3; color-scheme: dark }
.gradlab-descent canvas { position: absolute; inset: 0; pointer-events: none }
.gradlab-descent > .title { position: absolute; inset: 0 12px auto; height: var(--title); box-sizing: border-box; margin: 0; padding: 2px 0 5px; display: flex;
  align-items: flex-end; font: 600 16px/20px Arial, Helvetica, sans-serif; overflow: hidden }
.gradlab-descent > .hand { position: absolute; pointer-events: auto; cursor: crosshair; touch-action: pan-y }
.gradlab-descent > .controls { position: absolute; inset: auto 12px 0; height: var(--controls); pointer-events: auto; display: grid; grid-template-rows: 38px auto 1fr; gap: 4px }
.gradlab-descent .play > button[hidden] + button { grid-column: 1 / 3 }
.gradlab-descent button { box-sizing: border-box; min-width: 32px; height: 30px; min-height: 0; margin: 0; padding: 0 4px; cursor: pointer; color: inherit; background: transparent;
  border: 1px solid var(--edge); border-radius: 5px; font: inherit; line-height: 1 }
.gradlab-descent .play > button:first-child { width: 36px; height: 36px; padding: 0; border-radius: 50%; font-size: 14px }
.gradlab-descent button:hover:enabled { border-color: ${accent} }
.gradlab-descent button[hidden] { display: none }
.gradlab-descent :is(button, input):disabled { opacity: 0.45; cursor: default }
.gradlab-descent label { display: contents }
.gradlab-descent :is(.play, .knobs) { display: grid; align-items: center; column-gap: 8px }
.gradlab-descent:not(.narrow) .lanes + .knobs { grid-template-columns: repeat(4, auto minmax(0, 1fr) 2.8em) }
.gradlab-descent:not(.narrow) .lanes + .knobs label:nth-child(n + 2) > span { margin-left: 10px }
.gradlab-descent .play { grid-template-columns: auto auto auto minmax(0, 1fr) 5em }
.gradlab-descent .knobs { grid-template-columns: repeat(3, auto minmax(0, 1fr) 3.2em); grid-auto-rows: 26px }
.gradlab-descent .knobs label:not(:nth-child(3n + 1)) > span { margin-left: 10px }
.gradlab-descent input { width: 100%; min-width: 0; height: 24px; margin: 0; cursor: pointer; accent-color: ${accent}; touch-action: pan-y }
.gradlab-descent output { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.gradlab-descent pre { align-self: start; margin: 4px 0 0; padding: 5px 12px; border: 1px solid var(--edge); border-radius: 5px; background: none; color: inherit; display: grid;
  grid-template-columns: max-content minmax(0, 1fr); gap: 0 24px; font: 13px/19px ui-monospace, Menlo, Consolas, monospace; overflow: hidden }
.gradlab-descent pre code { font: inherit; padding: 0; background: none; color: inherit; white-space: pre }
.gradlab-descent pre .numbers { color: var(--numbers); font-weight: 600 }
.gradlab-descent.narrow .knobs { grid-template-columns: auto minmax(0, 1fr) 3.2em; grid-auto-rows: 32px }
.gradlab-descent.narrow .knobs label:nth-child(n) > span { margin-left: 0 }
.gradlab-descent.narrow .play { grid-template-columns: auto auto minmax(0, 1fr) 5em }
.gradlab-descent.narrow .play label > span { display: none }
.gradlab-descent.narrow pre { grid-template-columns: minmax(0, 1fr); font-size: 11px; line-height: 17px }
/* A lane for each optimizer of a race: name, bar, words. */
.gradlab-descent .lanes { align-self: start; margin: 2px 0 0; padding: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr) 12.5em; gap: 0 10px; align-items: center; font: 13px/18px Arial, Helvetica, sans-serif }
.gradlab-descent .lanes .name { display: flex; align-items: center; gap: 6px; font-weight: 600 }
.gradlab-descent .lanes .name::before { content: ""; width: 12px; height: 12px; border-radius: 50%; background: var(--racer); border: 1px solid var(--edge) }
.gradlab-descent .lanes .bar { height: 10px; border: 1px solid var(--edge); border-right-width: 4px; border-radius: 3px 0 0 3px }
.gradlab-descent .lanes .bar > i { display: block; height: 100%; background: var(--racer) }
.gradlab-descent .lanes .words { font-variant-numeric: tabular-nums; white-space: nowrap }
.gradlab-descent .lanes .words.through { font-weight: 600 }
.gradlab-descent.narrow .lanes { grid-template-columns: max-content minmax(0, 1fr) 9.5em; font-size: 12px }
@media print { .gradlab-descent > .controls { display: none } }`;
  document.head.append(style);
}
