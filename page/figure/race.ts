// Plays an optimizer race. `meta.race` names the part of each trace: `way` (a racer's path on the map), `loss`, `lane`, and `now` (all
// positions at `meta.step`, where the player begins). Balls and tails are drawn on a canvas above the plot, at positions from the clock:
// a slow machine skips frames, never steps. On a surface they are projected with its camera, so the surface is not redrawn.

import { drawNames } from './descent-look';
import type { PlaneAxis, PlotFigure, PlotNode, PlotTrace } from './plotly';
import { addButton, newRow, rowHeight, say, wantsCalm, withRoomBelow } from './row';
import { clearedPen, isHidden, type Sheet, viewOf, whenRendered } from './space';

type Pen = CanvasRenderingContext2D;
type Point = [x: number, y: number];

/** The traces of one racer. */
interface Racer {
  way: PlotTrace;
  loss: PlotTrace | undefined;
  lane: PlotTrace | undefined;
  color: string;
}

/** The duration of a race in seconds. */
const seconds = 12;
/** Exponent of the ease-in: the first, long steps play slowly. */
const slowStart = 1.7;
/** The length of a tail in steps. */
const tail = 8;

export const isRace = ({ data = [] }: { data?: readonly PlotTrace[] }): boolean =>
  data.some(({ meta }) => meta?.race === 'way');

/** A race without plotly's player, and with room for buttons; any other figure unchanged. */
export function withOwnPlayer(figure: PlotFigure): PlotFigure {
  if (!isRace(figure)) return figure;
  const { sliders, updatemenus: _, ...layout } = figure.layout;
  const data = figure.data.map((trace) => (trace.meta?.race === 'now' ? { ...trace, visible: false } : trace));
  // The buttons use the room of plotly's slider.
  const more = rowHeight - (sliders ? layout.margin.b - sliders[0].pad.t : 0);
  return { data, layout: withRoomBelow(layout, more) };
}

/** The player of a plot, if it is a race. */
export const raceOn = (node: PlotNode): Race | undefined => (isRace(node) ? new Race(node) : undefined);

/** A list interpolated at a fractional index; undefined beyond its end. */
function between(list: readonly number[], at: number): number | undefined {
  const i = Math.floor(at);
  if (i >= list.length - 1) return at > list.length - 1 ? undefined : list.at(-1);
  const [from, to] = [list[i]!, list[i + 1]!];
  const value = from + (to - from) * (at - i);
  return Number.isNaN(value) ? undefined : value;
}

/** The index of the interval of even ticks that holds a value, or -1. */
function intervalOf(ticks: readonly number[], value: number): number {
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  if (!(value >= first && value <= last)) return -1;
  const share = (value - first) / (last - first);
  return Math.min(ticks.length - 2, Math.floor(share * (ticks.length - 1)));
}

/** The height of a surface on an even grid, or undefined outside it. */
function heightOf({ x, y, z }: PlotTrace, u: number, v: number): number | undefined {
  const [i, j] = [intervalOf(y, v), intervalOf(x, u)];
  if (i < 0 || j < 0) return undefined;
  const [s, t] = [(u - x[j]) / (x[j + 1] - x[j]), (v - y[i]) / (y[i + 1] - y[i])];
  const row = (k: number) => z[k][j] * (1 - s) + z[k][j + 1] * s;
  return row(i) * (1 - t) + row(i + 1) * t;
}

/** The balls, tails and buttons of one figure. */
export class Race {
  private readonly canvas = document.createElement('canvas');
  private readonly row: HTMLElement;
  private player!: HTMLButtonElement;
  private readonly slider = document.createElement('input');
  private readonly words = document.createElement('span');
  private racers: Racer[] = [];
  private steps = 1;
  private surface: (Sheet & { scene: string }) | undefined;
  /** How much of the race's time has passed. */
  private share = 1;
  private started: number | undefined;
  /** How often it has been painted. */
  painted = 0;

  constructor(private readonly node: PlotNode) {
    this.canvas.className = 'gradlab-race';
    this.canvas.style.cssText = 'position: absolute; inset: 0; pointer-events: none';
    node.style.position = 'relative';
    this.row = this.buttons();
    node.append(this.canvas, this.row);
    node.on('plotly_afterplot', () => this.paint());
    this.read();
    const { step } = node.data.find(({ meta }) => meta?.race === 'now')?.meta ?? {};
    if (step !== undefined) this.goTo(step);
  }

  /** Reads the plot's data, also after a change. The race keeps its step. */
  read(): void {
    // In these, encoded arrays are decoded.
    const { _fullData: traces = [] } = this.node;
    const of = (kind: string) => traces.filter(({ meta }) => meta?.race === kind);
    const [losses, lanes] = [of('loss'), of('lane')];
    this.racers = of('way').map((way, k) => ({ way, loss: losses[k], lane: lanes[k], color: way.line.color }));
    this.steps = Math.max(1, ...losses.map(({ y }) => y.length - 1));
    const sheet = traces.find(({ type }) => type === 'surface');
    if (sheet) {
      const heights: number[] = sheet.z.flatMap((row: Iterable<number>) => [...row]);
      const heightAt = (u: number, v: number) => heightOf(sheet, u, v);
      const scene: string = sheet.scene ?? 'scene';
      this.surface = {
        scene,
        heightAt,
        top: Math.max(...heights),
        bottom: Math.min(...heights),
      };
      whenRendered(this.node, scene, () => this.paint());
    }
    this.slider.max = String(this.steps);
    this.paint();
  }

  private get step(): number {
    return this.steps * this.share ** slowStart;
  }

  private goTo(step: number): void {
    this.share = (Math.min(this.steps, Math.max(0, step)) / this.steps) ** (1 / slowStart);
    this.pause();
    this.paint();
  }

  private play(): void {
    if (this.share >= 1) this.share = 0;
    this.started = performance.now() - this.share * seconds * 1000;
    this.labelPlayer();
    requestAnimationFrame(() => this.tick());
  }

  private pause(): void {
    this.started = undefined;
    this.labelPlayer();
  }

  private tick(): void {
    if (this.started === undefined || !this.node.isConnected) return;
    this.share = Math.min(1, (performance.now() - this.started) / (seconds * 1000));
    if (this.share >= 1) this.pause();
    this.paint();
    requestAnimationFrame(() => this.tick());
  }

  private buttons(): HTMLElement {
    const row = newRow();
    row.style.cssText = `position: absolute; left: 12px; right: 12px; bottom: 4px; height: ${rowHeight - 8}px; display: flex; gap: 6px; align-items: center; font: 13px Arial, Helvetica, sans-serif; color: var(--jp-content-font-color1)`;
    const button = (name: string, sign: string, act: () => void) => {
      const made = addButton(row, name, sign, act);
      made.style.cssText =
        'min-width: 38px; height: 28px; cursor: pointer; color: inherit; background: transparent; border: 1px solid #8A8A8A; border-radius: 3px; font-size: 13px';
      return made;
    };
    button('reset', '|◄', () => this.goTo(0));
    button('step −1', '−1', () => this.goTo(Math.ceil(this.step - 1e-9) - 1));
    this.player = button('play', '►', () => (this.started === undefined ? this.play() : this.pause()));
    this.player.hidden = wantsCalm();
    button('step +1', '+1', () => this.goTo(Math.floor(this.step + 1e-9) + 1));
    Object.assign(this.slider, { type: 'range', min: '0', step: '1' });
    this.slider.setAttribute('aria-label', 'step');
    this.slider.style.cssText = 'flex: 1; min-width: 50px';
    this.slider.oninput = () => this.goTo(Number(this.slider.value));
    this.words.style.cssText = 'min-width: 5.5em';
    row.append(this.slider, this.words);
    return row;
  }

  /** Updates the label of the play button. */
  private labelPlayer(): void {
    if (this.started === undefined) say(this.player, 'play', '►');
    else say(this.player, 'pause', '❚❚');
  }

  private paint(): void {
    const { node } = this;
    const pen = clearedPen(node, this.canvas);
    if (!pen) return;
    const { step } = this;
    const shown = this.racers.filter(({ way }) => node._fullData![way.index]!.visible === true);
    for (const racer of shown) {
      this.onMap(pen, racer, step);
      this.onLoss(pen, racer, step);
      this.onLane(pen, racer, step);
    }
    this.inSpace(pen, shown, step);
    const made = Math.floor(step + 1e-9);
    this.slider.value = String(made);
    this.slider.setAttribute('aria-valuetext', `step ${made} of ${this.steps}`);
    this.words.textContent = `step ${made}`;
    this.painted += 1;
  }

  /** Draws with a pen that is clipped to the axes of a trace. */
  private within(
    pen: Pen,
    trace: PlotTrace,
    draw: (place: Locate, axes: { x: PlaneAxis; y: PlaneAxis }) => void,
  ): void {
    const layout = this.node._fullLayout!;
    const x: PlaneAxis | undefined = layout[axisName(trace.xaxis ?? 'x')];
    const y: PlaneAxis | undefined = layout[axisName(trace.yaxis ?? 'y')];
    if (!x || !y) return;
    pen.save();
    pen.beginPath();
    pen.rect(x._offset, y._offset, x._length, y._length);
    pen.clip();
    draw((u, v) => [x._offset + x.d2p(u), y._offset + y.d2p(v)], { x, y });
    pen.restore();
  }

  private onMap(pen: Pen, { way, color }: Racer, step: number): void {
    this.within(pen, way, (place) => {
      const points = trailOf(way, step).map(([x, y]) => place(x, y));
      strokeTail(pen, points, color);
      if (points.length) ball(pen, points.at(-1)!, color);
    });
  }

  private onLoss(pen: Pen, { loss, color }: Racer, step: number): void {
    if (!loss) return;
    this.within(pen, loss, (place, { x, y }) => {
      const now = x._offset + x.d2p(step);
      pen.fillStyle = '#8A8A8A';
      pen.fillRect(now - 0.5, y._offset, 1, y._length);
      const height = between(loss.y, step);
      if (height !== undefined) ball(pen, place(step, height), color, 4);
    });
  }

  private onLane(pen: Pen, { lane, loss, color }: Racer, step: number): void {
    if (!lane || !loss) return;
    const height = between(loss.y, step);
    if (height === undefined) return;
    this.within(pen, lane, (place) => {
      const [from, to] = [place(loss.y[0], lane.y[0]), place(height, lane.y[0])];
      strokeTail(pen, [from, to], color, 4);
      ball(pen, to, color, 7);
    });
  }

  private inSpace(pen: Pen, shown: readonly Racer[], step: number): void {
    const { surface } = this;
    if (!surface) return;
    const camera = viewOf(this.node, surface.scene);
    if (!camera) return;
    const { left, top, width, height } = camera.box;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    const names: [string, Point][] = [];
    for (const { way, color } of shown) {
      const places = trailOf(way, step, 6).flatMap(([x, y]) => {
        const z = surface.heightAt(x, y);
        return z === undefined ? [] : [[x, y, z]];
      });
      if (!places.length) continue;
      pen.globalAlpha = isHidden(surface, places.at(-1)!, camera.eye) ? 0.3 : 1;
      const points = places.map((at) => camera.at(at));
      strokeTail(pen, points, color);
      ball(pen, points.at(-1)!, color);
      // A ball that the surface hides is faint and has no name.
      if (pen.globalAlpha === 1) names.push([way.name!, points.at(-1)!]);
    }
    pen.globalAlpha = 1;
    drawNames(pen, names, camera.box);
    pen.restore();
  }
}

/** The pixels of a place in data units. */
type Locate = (x: number, y: number) => Point;

const axisName = (id: string) => `${id[0]}axis${id.slice(1)}`;

/** The last points of a path up to a step, oldest first, with `pieces` per step to follow a surface. */
function trailOf({ x, y }: PlotTrace, step: number, pieces = 1): Point[] {
  const from = Math.max(0, Math.ceil(step - tail));
  const places: Point[] = [];
  const add = (at: number) => {
    const [u, v] = [between(x, at), between(y, at)];
    if (u !== undefined && v !== undefined) places.push([u, v]);
  };
  for (let i = from * pieces; i < step * pieces; i++) add(i / pieces);
  add(step);
  // A racer outside the picture is not drawn.
  return step > x.length - 1 ? [] : places;
}

function strokeTail(pen: Pen, points: readonly Point[], color: string, width = 3): void {
  if (points.length < 2) return;
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.stroke();
}

function ball(pen: Pen, [x, y]: Point, color: string, radius = 6): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = color;
  pen.fill();
  pen.strokeStyle = '#FFFFFF';
  pen.lineWidth = 1.5;
  pen.stroke();
}
