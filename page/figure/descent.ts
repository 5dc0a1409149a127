// An interactive descent: buttons, sliders and dragging move a ball on the surface of a loss and on its map.

import { colorOf, stopped } from '../../src/lab/plot/colors';
import {
  arrowLength,
  type Box,
  between,
  climbs,
  codeOf,
  type DescentParts,
  type DescentState,
  descend,
  isInBox,
  lossText,
  type Place,
  ratesIn,
  titleOf,
  trailOf,
} from '../../src/lab/plot/descent-path';
import { drawArrow, drawBall, drawDots, drawName, type Spot, strokeLine } from './descent-look';
import { faintIf, type Heights, inside, Live, limit, mapView, parted, type Slider, show, slider, spaced } from './live';
import type { PlaneAxis, PlotFigure, PlotNode } from './plotly';
import type { SceneView } from './space';

export const descentHeights: Heights = { wide: 164, narrow: 336 };
/** The largest β of its slider. */
const mostBeta = 0.99;
/** The fraction of the time after an answer in which the rate changes, before the first step. */
const rateShare = 0.3;

export class Descent extends Live<DescentParts, DescentState> {
  private readonly code = document.createElement('pre');
  private readonly rateSlider: Slider;
  private readonly betaSlider: Slider;
  private readonly stepsSlider: Slider;
  private rates: number[] = [];
  private rate = 0;
  private beta: number | undefined;
  private path: Place[] = [];
  protected readonly pace = [1500, 9000, 140] as const;

  constructor(node: PlotNode, figure: PlotFigure) {
    super(node, descentHeights);
    this.rateSlider = slider(this.knobs, 'learning rate η', (share) => {
      this.rate = closest(this.rates, this.rateAt(share));
      this.compute();
    });
    this.betaSlider = slider(this.knobs, 'momentum β', (beta) => {
      this.beta = beta;
      this.compute();
    });
    this.stepsSlider = slider(this.knobs, 'number of steps', (steps) => {
      this.steps = steps;
      this.compute();
    });
    // Keys move to the next round rate, which a step of the logarithmic slider would miss.
    this.rateSlider.input.addEventListener('keydown', (event) => this.keyRate(event));
    this.controls.append(this.code);
    this.read(figure);
  }

  protected partsIn({ layout }: PlotFigure): DescentParts {
    return layout.meta.descent;
  }

  protected opening({ rate, steps, beta }: DescentParts): DescentState {
    return beta === undefined ? { rate, step: 0 } : { rate, step: steps, beta };
  }

  protected override prepare(deciding: DescentState | undefined): void {
    const { parts, first } = this;
    this.rates = ratesIn(parts.rates, [parts.rate, first.rate, ...(deciding ? [deciding.rate] : [])]);
    const { rateSlider, betaSlider, stepsSlider } = this;
    const { w1, w2 } = this.startSliders;
    const { elev, azim } = this.angleSliders;
    const shown =
      parts.beta === undefined
        ? [rateSlider, w1, w2, elev, azim, stepsSlider]
        : [betaSlider, rateSlider, stepsSlider, w1, w2];
    this.knobs.replaceChildren(...shown.map(({ label }) => label));
    limit(betaSlider, 0, mostBeta, 0.01);
    limit(this.rateSlider, 0, 1, 0.001);
    limit(this.stepsSlider, 1, 200, 1);
  }

  protected override take({ rate, beta = this.parts.beta }: DescentState): void {
    this.rate = rate;
    this.beta = beta;
  }

  protected override afterDrag(): number {
    return this.beta === undefined ? 0 : this.steps;
  }

  protected override revealing(): HTMLInputElement[] {
    return [this.rateSlider.input, this.betaSlider.input];
  }

  protected override leadOf(from: DescentState, to: DescentState): number {
    return from.rate === to.rate && (from.beta ?? 0) === (to.beta ?? 0) ? 0 : rateShare;
  }

  protected override change(from: DescentState, to: DescentState, share: number): void {
    this.rate = share < 1 ? Number((from.rate * (to.rate / from.rate) ** share).toPrecision(2)) : to.rate;
    const [beta, next] = [from.beta ?? 0, to.beta ?? 0];
    if (this.beta !== undefined) this.beta = Number((beta + (next - beta) * share).toFixed(2));
  }

  /** The last step, or the first outside the picture, after which the picture no longer changes. */
  protected get end(): number {
    const map = { ...this.parts, top: Number.POSITIVE_INFINITY };
    const out = this.path.findIndex((at) => !isInBox(this.ground, map, at));
    return out < 0 ? this.steps : Math.max(1, Math.min(out, this.steps));
  }

  protected solve(): void {
    this.path = descend(this.ground, this.start, this.rate, this.steps, this.beta);
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

  private get state(): DescentState {
    const { rate, step, beta } = this;
    return { rate, step, ...(beta === undefined ? {} : { beta }) };
  }

  protected titleNow(): string {
    return titleOf(this.ground, this.parts, this.path, this.state);
  }

  protected spokenStep(): string {
    const { ground, parts, step, steps } = this;
    const now = this.path[step]!;
    const isOut = !isInBox(ground, parts, now);
    return `${step} of ${steps}, loss ${lossText(ground.loss(now))}${isOut ? ', out of the picture' : ''}`;
  }

  protected tellMore(): void {
    const { rate, beta, steps, ground, path, parts } = this;
    const [low, high] = parts.rates;
    show(this.rateSlider, Math.log(rate / low) / Math.log(high / low), String(rate));
    if (beta !== undefined) show(this.betaSlider, beta, String(beta));
    show(this.stepsSlider, steps, String(steps));
    this.code.replaceChildren(
      ...codeOf(ground, path, this.state).flatMap(([line, numbers]) => {
        const [left, right] = [document.createElement('code'), document.createElement('code')];
        left.textContent = line;
        right.textContent = `// ${numbers}`;
        right.className = 'numbers';
        return [left, right];
      }),
    );
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

  protected paintMap(pen: CanvasRenderingContext2D, axes: { x: PlaneAxis; y: PlaneAxis }): void {
    const { lines, dots, ball, isOut, color, name } = this.pictureIn({ ...this.parts, top: Number.POSITIVE_INFINITY });
    const { box, spot } = mapView(axes);
    const at = spot(ball);
    inside(pen, box, () => {
      strokeLine(
        pen,
        lines.map((line) => line.map(spot)),
        color,
        2,
      );
      drawDots(pen, dots.map(spot), color, 2.8);
      this.drawHomes(pen, spot, box);
    });
    const arrow = isOut || this.beta !== undefined ? [] : this.arrowFrom(ball, 12).map(spot);
    if (arrow.length > 0) inside(pen, box, () => drawArrow(pen, arrow, 13));
    drawBall(pen, at, color, 9);
    drawName(pen, name, at, box, { free: arrow.slice(3) });
    if (this.beta !== undefined) this.paintSteps(pen, color);
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

  protected paintSpace(pen: CanvasRenderingContext2D, view: SceneView): void {
    const { lines, dots, ball, isOut, color, name } = this.pictureIn(this.parts);
    const [low, high] = this.parts.domain;
    const spot = (at: Place) => view.at(this.raised(at));
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
      this.drawHomes(pen, spot, view.box, { isBehind });
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
}

interface Picture {
  lines: Place[][];
  dots: Place[];
  ball: Place;
  isOut: boolean;
  color: string;
  name: string;
}

const closest = (values: readonly number[], wanted: number) =>
  values.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
