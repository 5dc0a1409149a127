// A race of optimizers: buttons and sliders move balls on the surface of a loss and on its map; the start can be dragged.

import { between, isInBox, type Place, trailOf } from '../../src/lab/plot/descent-path';
import {
  progressOf,
  type RaceParts,
  type RacePath,
  type RaceState,
  raceTitleOf,
  runsOf,
  standingOf,
} from '../../src/lab/plot/race-path';
import { drawBall, drawNames, type Spot, strokeLine } from './descent-look';
import { faintIf, type Heights, inside, Live, mapView, parted, spaced } from './live';
import type { PlaneAxis, PlotFigure, PlotNode } from './plotly';
import type { SceneView } from './space';

const laneHeight = 18;
/** The radius of the ring of balls at the start, in pixels. */
const fan = 9;

/** The heights of the controls with a lane for each racer. */
export const raceHeights = ({ racers }: RaceParts): Heights => ({
  wide: 78 + laneHeight * racers.length,
  narrow: 192 + laneHeight * racers.length,
});

interface Lane {
  bar: HTMLElement;
  words: HTMLElement;
}

export class LiveRace extends Live<RaceParts, RaceState> {
  private readonly lanesBox = document.createElement('div');
  private lanes: Lane[] = [];
  private runs: RacePath[] = [];
  protected readonly pace = [4000, 12000, 140] as const;

  constructor(node: PlotNode, figure: PlotFigure) {
    super(node, raceHeights(figure.layout.meta.race));
    this.lanesBox.className = 'lanes';
    // The lanes are what one looks at: above the sliders of start and camera.
    this.knobs.before(this.lanesBox);
    this.read(figure);
  }

  protected partsIn({ layout }: PlotFigure): RaceParts {
    return layout.meta.race;
  }

  protected opening(): RaceState {
    return { step: 0 };
  }

  protected override prepare(): void {
    this.lanes = [];
    this.lanesBox.replaceChildren(
      ...this.parts.racers.flatMap(({ name, rate, color }) => {
        const [title, track, bar, words] = ['span', 'span', 'i', 'span'].map((tag) => document.createElement(tag));
        title!.className = 'name';
        title!.textContent = name;
        title!.title = `learning rate ${rate}`;
        track!.className = 'bar';
        track!.append(bar!);
        words!.className = 'words';
        for (const part of [title!, track!]) part.style.setProperty('--racer', color);
        this.lanes.push({ bar: bar!, words: words! });
        return [title!, track!, words!];
      }),
    );
  }

  protected get end(): number {
    return this.steps;
  }

  protected solve(): void {
    this.runs = runsOf(this.ground, this.parts, this.start);
  }

  protected titleNow(): string {
    return raceTitleOf(this.runs, { step: this.step });
  }

  protected spokenStep(): string {
    const { runs, step, steps } = this;
    const all = runs.map((run) => `${run.racer.name} ${standingOf(run, step)}`);
    return `${step} of ${steps}${this.isCovered ? '' : `: ${all.join(', ')}`}`;
  }

  protected tellMore(): void {
    const { step, parts } = this;
    for (const [k, run] of this.runs.entries()) {
      const { bar, words } = this.lanes[k]!;
      bar.style.width = this.isCovered ? '0' : `${100 * progressOf(run, parts.tolerance, step)}%`;
      words.textContent = this.isCovered ? '' : standingOf(run, step);
      words.classList.toggle('through', !this.isCovered && run.settled <= step);
    }
  }

  private pictureOf({ path, racer }: RacePath, box: Pick<RaceParts, 'domain' | 'top'>): Picture {
    const { ground } = this;
    const made = Math.min(this.at, this.steps);
    const lines = trailOf(ground, box, path, made);
    const step = Math.floor(made);
    const now = between(path[step]!, path[step + 1] ?? path[step]!, made - step);
    const isOut = !isInBox(ground, box, now);
    return { name: racer.name, color: racer.color, lines, ball: isOut ? (lines.at(-1)?.at(-1) ?? path[0]!) : now };
  }

  private drawAll(
    pen: CanvasRenderingContext2D,
    pictures: readonly Picture[],
    box: SceneView['box'],
    spot: (at: Place) => Spot,
    isBehind: (at: Place) => boolean = () => false,
  ): void {
    const near = (this.parts.domain[1] - this.parts.domain[0]) / 400;
    for (const { lines, color } of pictures) {
      const { seen, hidden } = parted(lines.map(spaced(near)), isBehind);
      pen.globalAlpha = 0.25;
      strokeLine(
        pen,
        hidden.map((line) => line.map(spot)),
        color,
        2,
      );
      pen.globalAlpha = 1;
      strokeLine(
        pen,
        seen.map((line) => line.map(spot)),
        color,
        2.5,
      );
    }
    const homes = this.ground.minima.length;
    // Their names are drawn with those of the balls, so that none covers another.
    this.drawHomes(pen, spot, box, { name: () => '', isBehind });
    const homeNames = this.homes().map((at, i) => [homes > 1 ? `goal ${i + 1}` : 'home', spot(at)] as const);
    const isStart = this.at === 0;
    for (const [k, { ball, color }] of pictures.entries()) {
      const [x, y] = spot(ball);
      // At the start they would cover each other.
      const turn = (2 * Math.PI * k) / pictures.length;
      const fanned: Spot = isStart ? [x + fan * Math.cos(turn), y + fan * Math.sin(turn)] : [x, y];
      faintIf(pen, isBehind(ball), () => drawBall(pen, fanned, color, isStart ? 5 : 8));
    }
    const names = isStart ? pictures.slice(-1) : pictures;
    const ballNames = names.map(({ name, ball }) => [isStart ? 'all start here' : name, spot(ball)] as const);
    drawNames(pen, [...ballNames, ...homeNames], box);
  }

  protected paintMap(pen: CanvasRenderingContext2D, axes: { x: PlaneAxis; y: PlaneAxis }): void {
    const { box, spot } = mapView(axes);
    const area = { domain: this.parts.domain, top: Number.POSITIVE_INFINITY };
    const pictures = this.runs.map((run) => this.pictureOf(run, area));
    inside(pen, box, () => this.drawAll(pen, pictures, box, spot));
  }

  protected paintSpace(pen: CanvasRenderingContext2D, view: SceneView): void {
    const pictures = this.runs.map((run) => this.pictureOf(run, this.parts));
    const spot = (at: Place) => view.at(this.raised(at));
    inside(pen, view.box, () => this.drawAll(pen, pictures, view.box, spot, (at) => this.isBehind(view, at)));
  }
}

interface Picture {
  name: string;
  color: string;
  lines: Place[][];
  ball: Place;
}
