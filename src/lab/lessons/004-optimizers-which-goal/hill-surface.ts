import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace, surface } from '../../plot';
import { greyScale, ink, neutral } from '../../plot/theme';
import type { RaceResult, Run } from '../../races';
import { lettersOf } from './goals';

/** Options of {@link hillSurface}. */
export interface HillSurfaceOptions {
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 420. */
  height?: number;
}

const milli = (value: number) => Math.round(value * 1000) / 1000 + 0;

/**
 * The landscape of a race, grey, as high as log₁₀(1 + loss), with a letter at each goal, the ways up to a step upon it and a ball where
 * each stands.
 *
 * @example
 * hillSurface(races.race(races.landscapes.himmelblau(), races.racers()), 60)
 * @throws {PlotError} if the step is not among those of the race.
 */
export function hillSurface(result: RaceResult, step: number, options: HillSurfaceOptions = {}): Figure {
  const { landscape, runs, steps } = result;
  const { title, height = 420 } = options;
  if (!Number.isInteger(step) || step < 0 || step > steps)
    throw new PlotError(`hillSurface: step must be a whole number from 0 to ${steps}, got ${step}`);
  const { domain, minima } = landscape;
  const heightAt = (x: number, y: number) => Math.log10(1 + landscape.height(x, y));
  const base = surface(heightAt, {
    ...{
      domain,
      height,
      resolution: 61,
      xLabel: 'w₁',
      yLabel: 'w₂',
      zLabel: 'log₁₀(1 + loss)',
      camera: { elev: 58, azim: -70 },
    },
    // So flat that one looks down into every bowl.
    relief: 0.4,
    ...(title !== undefined && { title }),
  });
  const places = (all: readonly (readonly [number, number])[], raise: number) => {
    const seen = all.filter(([x, y]) => x >= domain.x[0] && x <= domain.x[1] && y >= domain.y[0] && y <= domain.y[1]);
    return {
      x: seen.map(([x]) => milli(x)),
      y: seen.map(([, y]) => milli(y)),
      z: seen.map(([x, y]) => milli(heightAt(x, y) + raise)),
    };
  };
  const balls = runs.map(({ path }) => path[Math.min(step, path.length - 1)]!);
  const letters: PlotlyTrace = {
    type: 'scatter3d',
    mode: 'text',
    name: 'letters',
    ...places(minima, 1.6),
    text: lettersOf(minima).map((letter) => `<b>${letter}</b>`),
    textfont: { size: 17, color: ink },
    hoverinfo: 'skip',
    showlegend: false,
  };
  const standing: PlotlyTrace = {
    type: 'scatter3d',
    mode: 'markers',
    name: 'now',
    ...places(balls, 0.06),
    marker: {
      color: runs.map(({ racer }) => racer.color ?? neutral),
      ...{ symbol: 'circle', size: 7, line: { color: '#FFFFFF', width: 1 } },
    },
    hoverinfo: 'skip',
    showlegend: false,
  };
  const [sheet] = base.data;
  const { hovertemplate: _, colorbar: __, ...ground } = sheet!;
  const ways = runs.map(
    (run): PlotlyTrace => ({
      type: 'scatter3d',
      mode: 'lines',
      name: run.racer.name,
      ...places(wayOf(run, step), 0.04),
      line: { color: run.racer.color ?? neutral, width: 5 },
      hoverinfo: 'skip',
      showlegend: true,
    }),
  );
  return new Figure({
    data: [
      { ...(ground as PlotlyTrace), colorscale: greyScale, showscale: false, hoverinfo: 'skip' },
      ...ways,
      letters,
      standing,
    ],
    layout: { ...base.layout, scene: withPowers(base.layout.scene as PlotlyLayout) },
    description: `${base.description} At step ${step} ${runs.map(({ racer }, k) => `${racer.name} stands at (${balls[k]!.map(milli).join(', ')})`).join(', ')}.`,
  });
}

/** A scene with a tick for each power of ten. */
function withPowers(scene: PlotlyLayout): PlotlyLayout {
  // Plotly refuses a number of ticks beside their distance.
  const { nticks: _, ...zaxis } = scene.zaxis as PlotlyLayout;
  return { ...scene, zaxis: { ...zaxis, dtick: 1 } };
}

/** A way up to a step: long moves in pieces, which follow the ground, and no places that are hardly apart. */
function wayOf({ path }: Run, step: number): [number, number][] {
  const kept: [number, number][] = [path[0]!];
  for (const [x, y] of path.slice(1, step + 1)) {
    const [u, v] = kept.at(-1)!;
    const long = Math.hypot(x - u, y - v);
    if (long < 0.03) continue;
    const pieces = Math.min(20, Math.ceil(long / 0.25));
    for (let k = 1; k <= pieces; k++) kept.push([u + ((x - u) * k) / pieces, v + ((y - v) * k) / pieces]);
  }
  return kept;
}
