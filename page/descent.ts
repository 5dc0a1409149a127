// An interactive descent: buttons, sliders and dragging move a ball on the surface of a loss and on its map. plotly draws surface and
// map once; ball, path, arrow and labels are drawn on a canvas overlay.

import { colorOf, stopped } from '../src/lab/plot/colors';
import {
  anglesOf,
  arrowLength,
  type Box,
  between,
  cameraOf,
  climbs,
  codeOf,
  type DescentParts,
  type DescentState,
  descend,
  type Ground,
  groundOf,
  isInBox,
  lossText,
  orbit,
  type Place,
  rangesOf,
  ratesIn,
  titleOf,
  trailOf,
  weightText,
} from '../src/lab/plot/descent-path';
import { drawArrow, drawBall, drawDots, drawHome, drawName, type Spot, strokeLine } from './descent-look';
import { type PlaneAxis, type PlotFigure, type PlotLayout, type PlotNode, plotly } from './plotly';
import { addButton, newRow, say, wantsCalm } from './row';
import { clearedPen, isHidden, type SceneView, viewOf, whenRendered } from './space';

/** Heights above and below the views in pixels: side by side, and stacked. */
const titleHeights = { wide: 34, narrow: 66 };
const controlHeights = { wide: 164, narrow: 336 };
/** The largest β of its slider. */
const mostBeta = 0.99;
/** Shortest and longest duration of all steps, and the duration of one, in milliseconds. */
const [shortest, longest, aStep] = [1500, 9000, 140];
/** Exponent of the ease-in: the first, long steps play slowly. */
const slowStart = 1.6;
/** The fraction of the time after an answer in which the rate changes, before the first step. */
const rateShare = 0.3;
/** Height of paths above the surface, as a fraction of the top. */
const lift = 0.012;

/** The smallest camera distance, and the aspect ratio from which it applies. */
const [nearest, roomyShape] = [2.36, 1.45];

type Shown = { layout: Partial<PlotLayout> };

const partsIn = ({ layout }: Shown): DescentParts | undefined => layout?.meta?.descent;

export const isDescent = (figure: Shown): boolean => partsIn(figure) !== undefined;

/** A descent's figure without path and title, which the overlay draws, and with room for the controls. */
export function withOwnControls(figure: PlotFigure): PlotFigure {
  const { title: _, annotations: __, ...layout } = figure.layout;
  const roomy = (one: PlotLayout, above: number, below: number) => ({
    ...one,
    height: one.height + above - one.margin.t + below,
    margin: { ...one.margin, t: above, b: one.margin.b + below },
  });
  const { narrow } = layout.meta;
  const meta = {
    ...layout.meta,
    narrow: { ...narrow, layout: roomy(narrow.layout, titleHeights.narrow, controlHeights.narrow) },
  };
  return {
    ...figure,
    data: figure.data.map((trace) => (trace.meta?.descent === 'still' ? { ...trace, visible: false } : trace)),
    layout: {
      ...roomy(layout as PlotLayout, titleHeights.wide, controlHeights.wide),
      dragmode: false,
      hovermode: false,
      meta,
    },
    config: { ...figure.config, displayModeBar: false },
  };
}

export const descentOn = (node: PlotNode, figure: PlotFigure): Descent => new Descent(node, figure);

/** A slider and the output with its value. */
interface Slider {
  label: HTMLLabelElement;
  input: HTMLInputElement;
  value: HTMLOutputElement;
}

const plain = (title: string) => title.replace(/<br>/g, ' ').replace(/<[^>]*>/g, '');

class Descent {
  /** The overlay: title, canvas, the map's drag area and the controls. */
  readonly row: HTMLDivElement;
  private readonly canvas = document.createElement('canvas');
  private readonly title = document.createElement('p');
  private readonly hand = document.createElement('div');
  private readonly code = document.createElement('pre');
  private readonly knobs = document.createElement('div');
  private readonly player: HTMLButtonElement;
  private readonly on: HTMLButtonElement;
  private readonly sliders: Record<'step' | 'rate' | 'beta' | 'w1' | 'w2' | 'elev' | 'azim' | 'steps', Slider>;
  private parts!: DescentParts;
  private ground!: Ground;
  private rates: number[] = [];
  private start: Place = [0, 0];
  private rate = 0;
  private beta: number | undefined;
  private steps = 1;
  /** The number of steps made; a fraction puts the ball between two. */
  private at = 0;
  private path: Place[] = [];
  private playing: { rest(): void } | undefined;
  /** The camera distance that fits the scene's area. */
  private fitting: number | undefined;
  /** The title before an answer is chosen. */
  private before: string | undefined;
  private plot: unknown;
  /** The initial state. */
  first!: DescentState;

  constructor(
    private readonly node: PlotNode,
    figure: PlotFigure,
  ) {
    addStyle();
    this.row = newRow();
    this.row.className = 'gradlab-descent';
    this.title.className = 'title';
    // The class excludes it from the renderer's count of plotly's canvases.
    this.canvas.className = 'gradlab-race';
    this.hand.className = 'hand';
    this.hand.onpointerdown = (event) => this.drag(event);
    const controls = document.createElement('div');
    controls.className = 'controls';
    const play = document.createElement('div');
    play.className = 'play';
    this.player = addButton(play, 'play', '▶', () => (this.playing ? this.stop() : void this.playOn()));
    this.player.hidden = wantsCalm();
    this.on = addButton(play, 'one step on', '▸|', () => {
      this.stop();
      this.moveTo(this.step < this.steps ? this.step + 1 : 0);
    });
    const row = this.knobs;
    row.className = 'knobs';
    const move = (act: (value: number) => void) => (value: number) => {
      act(value);
      this.compute();
    };
    this.sliders = {
      step: slider(play, 'step', (step) => {
        this.stop();
        this.moveTo(step);
      }),
      rate: slider(
        row,
        'learning rate η',
        move((share) => (this.rate = closest(this.rates, this.rateAt(share)))),
      ),
      beta: slider(
        row,
        'momentum β',
        move((beta) => (this.beta = beta)),
      ),
      w1: slider(
        row,
        'start w₁',
        move((w1) => (this.start = [w1, this.start[1]])),
      ),
      w2: slider(
        row,
        'start w₂',
        move((w2) => (this.start = [this.start[0], w2])),
      ),
      elev: slider(row, 'elevation', (elev) => this.turn({ elev })),
      azim: slider(row, 'azimuth', (azim) => this.turn({ azim })),
      steps: slider(
        row,
        'number of steps',
        move((steps) => (this.steps = steps)),
      ),
    };
    // Keys move to the next round rate, which a step of the logarithmic slider would miss.
    this.sliders.rate.input.addEventListener('keydown', (event) => this.keyRate(event));
    controls.append(play, row, this.code);
    this.row.append(this.title, this.canvas, this.hand, controls);
    this.read(figure);
  }

  get step(): number {
    return Math.floor(this.at + 1e-9);
  }

  /** Reads a figure. A different descent starts in its initial state. */
  read(figure: PlotFigure): void {
    const parts = partsIn(figure)!;
    const { lesson } = figure.layout.meta;
    this.before = plain(figure.layout.title?.text ?? '');
    const isOther = JSON.stringify(parts) !== JSON.stringify(this.parts);
    const { beta: atFirst } = parts;
    this.first =
      lesson?.from ??
      (atFirst === undefined ? { rate: parts.rate, step: 0 } : { rate: parts.rate, step: parts.steps, beta: atFirst });
    if (!isOther) return;
    this.stop();
    this.parts = parts;
    this.ground = groundOf(parts.loss);
    this.rates = ratesIn(parts.rates, [parts.rate, this.first.rate, ...(lesson ? [lesson.deciding.rate] : [])]);
    const [range1, range2] = rangesOf(parts);
    const { step, rate, beta, w1, w2, elev, azim, steps } = this.sliders;
    const shown = atFirst === undefined ? [rate, w1, w2, elev, azim, steps] : [beta, rate, steps, w1, w2];
    this.knobs.replaceChildren(...shown.map(({ label }) => label));
    limit(step, 0, parts.steps, 1);
    limit(rate, 0, 1, 0.001);
    limit(beta, 0, mostBeta, 0.01);
    limit(w1, ...range1, fineOf(range1));
    limit(w2, ...range2, fineOf(range2));
    limit(elev, 0, 90, 1);
    limit(azim, -180, 180, 1);
    limit(steps, 1, 200, 1);
    this.showAngles(parts.camera);
    this.show(this.first);
  }

  /** Before an answer: shows the question's title and disables the controls that would reveal the answer. */
  cover(isCovered: boolean): void {
    if (!isCovered) this.before = undefined;
    const { step, rate, beta } = this.sliders;
    for (const control of [this.player, this.on, step.input, rate.input, beta.input]) control.disabled = isCovered;
    this.row.setAttribute('aria-busy', String(isCovered));
    this.tell();
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
  async go(state: DescentState): Promise<void> {
    this.show(state);
  }

  private show({ rate, step, beta = this.parts.beta }: DescentState): void {
    const { start, steps } = this.parts;
    Object.assign(this, { start, steps, rate, beta, at: step });
    this.compute();
  }

  /** Animates from one state to another: first the rate changes, then the ball moves. */
  play(from: DescentState, to: DescentState, milliseconds: number): Promise<void> {
    this.stop();
    if (wantsCalm()) return this.go(to);
    this.show(from);
    const [beta, next] = [from.beta ?? 0, to.beta ?? 0];
    const lead = from.rate === to.rate && beta === next ? 0 : rateShare;
    return this.run(milliseconds, (share) => {
      const turned = lead > 0 ? Math.min(1, share / lead) : 1;
      this.rate = turned < 1 ? Number((from.rate * (to.rate / from.rate) ** turned).toPrecision(2)) : to.rate;
      if (this.beta !== undefined) this.beta = Number((beta + (next - beta) * turned).toFixed(2));
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
    const whole = Math.min(longest, Math.max(shortest, aStep * end));
    const from = this.at < end ? (this.at / end) ** (1 / slowStart) : 0;
    return this.run(whole * (1 - from), (share) => {
      this.at = end * (from + (1 - from) * share) ** slowStart;
      this.tell();
      this.paint();
    });
  }

  /** Where playing ends: the last step, or the first outside the picture, from which on there is nothing to see. */
  private get end(): number {
    const map = { ...this.parts, top: Number.POSITIVE_INFINITY };
    const out = this.path.findIndex((at) => !isInBox(this.ground, map, at));
    return out < 0 ? this.steps : Math.max(1, Math.min(out, this.steps));
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

  /** Recomputes the path and redraws. */
  private compute(): void {
    this.path = descend(this.ground, this.start, this.rate, this.steps, this.beta);
    this.at = Math.min(this.at, this.steps);
    this.sliders.step.input.max = String(this.steps);
    this.tell();
    this.paint();
  }

  private rateAt(share: number): number {
    const [low, high] = this.parts.rates;
    return low * (high / low) ** share;
  }

  private keyRate(event: KeyboardEvent): void {
    const i = this.rates.indexOf(this.rate);
    const to = {
      ArrowRight: i + 1,
      ArrowUp: i + 1,
      ArrowLeft: i - 1,
      ArrowDown: i - 1,
      PageUp: i + 10,
      PageDown: i - 10,
      Home: 0,
      End: this.rates.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.rate = this.rates[Math.min(this.rates.length - 1, Math.max(0, to))]!;
    this.compute();
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
      [this.sliders.elev, Math.round(elev)],
      [this.sliders.azim, Math.round(azim)],
    ] as const)
      show(one, angle, `${weightText(angle)}°`);
  }

  /** Dragging on the map sets the start and goes back to step 0. */
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
      this.at = this.beta === undefined ? 0 : this.steps;
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

  private axesOf(number: '' | 2 | 3): { x: PlaneAxis; y: PlaneAxis } | undefined {
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
    this.row.style.setProperty('--controls', `${controlHeights[isNarrow ? 'narrow' : 'wide']}px`);
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

  /** Updates title, sliders and code. */
  private tell(): void {
    const { step, rate, beta, steps, start, sliders, ground, path, parts } = this;
    const state = { rate, step, ...(beta === undefined ? {} : { beta }) };
    if (path.length === 0) return;
    if (this.playing) say(this.player, 'pause', '❚❚');
    else say(this.player, 'play', '▶');
    this.title.textContent = this.before ?? titleOf(ground, parts, path, state);
    const now = path[step]!;
    const isOut = !isInBox(ground, parts, now);
    show(
      sliders.step,
      step,
      `${step} of ${steps}`,
      `${step} of ${steps}, loss ${lossText(ground.loss(now))}${isOut ? ', out of the picture' : ''}`,
    );
    const [low, high] = parts.rates;
    show(sliders.rate, Math.log(rate / low) / Math.log(high / low), String(rate));
    if (beta !== undefined) show(sliders.beta, beta, String(beta));
    show(sliders.w1, start[0], weightText(start[0]));
    show(sliders.w2, start[1], weightText(start[1]));
    show(sliders.steps, steps, String(steps));
    this.code.replaceChildren(
      ...codeOf(ground, path, state).flatMap(([line, numbers]) => {
        const [left, right] = [document.createElement('code'), document.createElement('code')];
        left.textContent = line;
        right.textContent = `// ${numbers}`;
        right.className = 'numbers';
        return [left, right];
      }),
    );
  }

  private paint(): void {
    if (this.path.length === 0) return;
    const pen = clearedPen(this.node, this.canvas);
    if (!pen) return;
    const map = this.pictureIn({ ...this.parts, top: Number.POSITIVE_INFINITY });
    this.paintMap(pen, map);
    if (this.beta !== undefined) this.paintSteps(pen, map.color);
    this.paintSpace(pen, this.pictureIn(this.parts));
    this.painted = (this.painted ?? 0) + 1;
  }

  /** What to draw inside a box; the map has no top. */
  private pictureIn(box: Box): Picture {
    const { path, ground, step } = this;
    const made = Math.min(this.at, this.steps);
    const lines = trailOf(ground, box, path, made);
    const now = between(path[step]!, path[step + 1] ?? path[step]!, made - step);
    const isOut = !isInBox(ground, box, now);
    const loss = `loss ${lossText(ground.loss(now))}`;
    return {
      lines,
      dots: path.slice(0, step + 1).filter((at) => isInBox(ground, box, at)),
      ball: isOut ? (lines.at(-1)?.at(-1) ?? path[0]!) : now,
      isOut,
      color: climbs(ground, path.slice(0, Math.ceil(made - 1e-9) + 1)) ? stopped : colorOf(this.beta),
      name: isOut ? 'left the picture' : made === 0 ? 'you are here' : loss,
    };
  }

  /** The number of redraws, for tests. */
  painted: number | undefined;

  /** Points of an arrow along the negative gradient. */
  private arrowFrom(at: Place, pieces: number): Place[] {
    const [g1, g2] = this.ground.gradient(at);
    const long = Math.hypot(g1, g2);
    if (!(long > 1e-12)) return [];
    const [low, high] = this.parts.domain;
    const far = (arrowLength * (high - low)) / long;
    const to: Place = [at[0] - far * g1, at[1] - far * g2];
    return Array.from({ length: pieces + 1 }, (_, i) => between(at, to, i / pieces));
  }

  private paintMap(pen: CanvasRenderingContext2D, { lines, dots, ball, isOut, color, name }: Picture): void {
    const axes = this.axes();
    if (!axes) return;
    const { x, y } = axes;
    const box = { left: x._offset, top: y._offset, width: x._length, height: y._length };
    const spot = ([u, v]: Place): Spot => [box.left + x.d2p(u), box.top + y.d2p(v)];
    const at = spot(ball);
    inside(pen, box, () => {
      strokeLine(
        pen,
        lines.map((line) => line.map(spot)),
        color,
        2,
      );
      drawDots(pen, dots.map(spot), color, 2.8);
      for (const home of this.homes()) {
        drawHome(pen, spot(home), 8);
        drawName(pen, 'home', spot(home), box, { isBelow: true });
      }
    });
    const arrow = isOut || this.beta !== undefined ? [] : this.arrowFrom(ball, 12).map(spot);
    if (arrow.length > 0) inside(pen, box, () => drawArrow(pen, arrow, 13));
    drawBall(pen, at, color, 9);
    drawName(pen, name, at, box, { free: arrow.slice(3) });
  }

  /** Both weights over the steps made. */
  private paintSteps(pen: CanvasRenderingContext2D, color: string): void {
    const { path, at, step } = this;
    const now = between(path[step]!, path[step + 1] ?? path[step]!, at - step);
    for (const side of [0, 1] as const) {
      const axes = this.axesOf(side === 0 ? 2 : 3);
      if (!axes) continue;
      const { x, y } = axes;
      const box = { left: x._offset, top: y._offset, width: x._length, height: y._length };
      const clipped = (weight: number) => Math.max(-1e6, Math.min(1e6, weight));
      const spot = (t: number, place: Place): Spot => [box.left + x.d2p(t), box.top + y.d2p(clipped(place[side]))];
      const line = [...path.slice(0, step + 1).map((place, t) => spot(t, place)), spot(at, now)];
      inside(pen, box, () => {
        strokeLine(pen, [line], color, 2);
        drawDots(pen, line.slice(-1), color, 4);
      });
    }
  }

  private homes(): Place[] {
    return this.ground.minima.filter((at) => isInBox(this.ground, this.parts, at));
  }

  private paintSpace(pen: CanvasRenderingContext2D, { lines, dots, ball, isOut, color, name }: Picture): void {
    const view = viewOf(this.node, 'scene');
    if (!view) return;
    const { ground, parts } = this;
    const [low, high] = parts.domain;
    const raised = (at: Place): number[] => [...at, Math.min(parts.top, ground.loss(at)) + lift * parts.top];
    const spot = (at: Place): Spot => view.at(raised(at));
    const isBehind = (at: Place) => this.isBehind(view, at);
    const isOn = (value: number) => value >= low && value <= high;
    inside(pen, view.box, () => {
      const { seen, hidden } = parted(lines.map(spaced((high - low) / 400)), isBehind);
      pen.globalAlpha = 0.3;
      strokeLine(
        pen,
        hidden.map((line) => line.map(spot)),
        color,
        2.5,
      );
      pen.globalAlpha = 1;
      const homes = this.homes();
      for (const home of homes) {
        faintIf(pen, isBehind(home), () => drawHome(pen, spot(home), 8));
        drawName(pen, 'home', spot(home), view.box, { isBelow: true });
      }
      strokeLine(
        pen,
        seen.map((line) => line.map(spot)),
        color,
        3,
      );
      drawDots(pen, dots.filter((at) => !isBehind(at)).map(spot), color, 3);
      const arrow = (isOut ? [] : this.arrowFrom(ball, 12)).filter(([w1, w2]) => isOn(w1) && isOn(w2));
      const isBallBehind = isBehind(ball);
      faintIf(pen, isBallBehind, () => {
        if (arrow.length > 2) drawArrow(pen, arrow.map(spot), 13);
        drawBall(pen, spot(ball), color, 10);
      });
      drawName(pen, name, spot(ball), view.box, { free: arrow.map(spot).slice(3) });
    });
  }

  private isBehind(view: SceneView, at: Place): boolean {
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

interface Picture {
  lines: Place[][];
  dots: Place[];
  ball: Place;
  isOut: boolean;
  color: string;
  name: string;
}

function inside(pen: CanvasRenderingContext2D, box: SceneView['box'], draw: () => void): void {
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.clip();
  draw();
  pen.restore();
}

function faintIf(pen: CanvasRenderingContext2D, isFaint: boolean, draw: () => void): void {
  pen.globalAlpha = isFaint ? 0.35 : 1;
  draw();
  pen.globalAlpha = 1;
}

/** Removes the points of a line that are nearer than `near` to the last one kept. */
const spaced = (near: number) => (line: Place[]) => {
  const kept = line.slice(0, 1);
  for (const at of line.slice(1)) {
    const [u, v] = kept.at(-1)!;
    if (Math.hypot(at[0] - u, at[1] - v) > near) kept.push(at);
  }
  return kept;
};

/** Splits lines into visible and hidden pieces, which share their end points. */
function parted(lines: Place[][], isBehind: (at: Place) => boolean): { seen: Place[][]; hidden: Place[][] } {
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

/** The distance between two places of a start on its slider. */
const fineOf = ([low, high]: readonly [number, number]) => (high - low) / 80;

const closest = (values: readonly number[], wanted: number) =>
  values.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));

function slider(row: Element, name: string, act: (value: number) => void): Slider {
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

function limit({ input }: Slider, min: number, max: number, step: number): void {
  Object.assign(input, { min: String(min), max: String(max), step: String(step) });
}

/** Sets a slider's position and its displayed value. */
function show({ input, value }: Slider, at: number, text: string, spoken = text): void {
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
.gradlab-descent > .title { position: absolute; inset: 0 12px auto; height: var(--title); box-sizing: border-box; margin: 0; padding: 2px 0; display: flex;
  align-items: center; font: 600 16px/20px Arial, Helvetica, sans-serif; overflow: hidden }
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
@media print { .gradlab-descent > .controls { display: none } }`;
  document.head.append(style);
}
