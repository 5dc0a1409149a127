import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { plot, races } from '../../../src/lab';
import type { Figure } from '../../../src/lab/plot';
import { numbersOf } from './examples';

const six = races.racers().slice(0, 6);
const { landscapes } = races;
const result = races.race(landscapes.himmelblau(), six, { steps: 40 });
const ofKind = ({ data }: Figure, kind: string) =>
  data.filter(({ meta }) => (meta as { race?: string } | undefined)?.race === kind);

describe('race', () => {
  const figure = plot.race(result, { step: 7 });

  it('has, for each racer, its path on the map and on the surface, its losses and its lane, in one colour', () => {
    for (const kind of ['way', 'way3d', 'loss', 'lane']) expect(ofKind(figure, kind)).toHaveLength(6);
    ofKind(figure, 'way').forEach((way, k) => {
      expect(way.name).toBe(six[k]!.name);
      expect(numbersOf(way, 'x')).toHaveLength(41);
      result.runs[k]!.path.forEach(([x, y], i) => {
        expect(numbersOf(way, 'x')[i]).toBeCloseTo(x, 2);
        expect(numbersOf(way, 'y')[i]).toBeCloseTo(y, 2);
      });
      const loss = ofKind(figure, 'loss')[k]!;
      const colors = [way, loss, ofKind(figure, 'way3d')[k]!].map(({ line }) => (line as { color: string }).color);
      expect(new Set(colors)).toEqual(new Set([six[k]!.color]));
      for (const [i, value] of result.runs[k]!.losses.entries())
        expect(numbersOf(loss, 'y')[i]! / Math.max(value, 1e-8)).toBeCloseTo(1, 2);
    });
  });

  it('is slightly above the surface', () => {
    const map = landscapes.himmelblau();
    for (const way of ofKind(figure, 'way3d')) {
      numbersOf(way, 'x').forEach((x, i) => {
        if (Number.isNaN(x)) return;
        const above = numbersOf(way, 'z')[i]! - Math.log10(1 + map.height(x, numbersOf(way, 'y')[i]!));
        expect(above).toBeGreaterThan(-0.03);
        expect(above).toBeLessThan(0.15);
      });
    }
  });

  it('shows one step in all four panels', () => {
    const now = ofKind(figure, 'now');
    expect(now.map(({ type }) => type)).toEqual(['scatter3d', 'scatter', 'scatter', 'scatter']);
    const [, map, loss, lanes] = now;
    result.runs.forEach(({ path, losses }, k) => {
      expect(numbersOf(map, 'x')[k]).toBeCloseTo(path[7]![0], 2);
      expect(numbersOf(loss, 'x')[k]).toBe(7);
      expect(numbersOf(loss, 'y')[k]! / losses[7]!).toBeCloseTo(1, 6);
      expect(numbersOf(lanes, 'x')[k]! / losses[7]!).toBeCloseTo(1, 6);
    });
    expect(figure.description).toContain('AdaGrad (rate 1)');
    expect(figure.description).toContain('shown at step 7');
  });

  it('names each racer once in the legend, which switches it in all panels', () => {
    for (const racer of six) {
      const own = figure.data.filter(({ legendgroup }) => legendgroup === racer.name);
      expect(own).toHaveLength(4);
      expect(own.filter(({ showlegend }) => showlegend)).toHaveLength(1);
    }
  });

  it('plays on any page by a slider, whose frames contain only the positions', () => {
    const played = plot.slider([0, 1, 40], (step) => plot.race(result, { step }), { play: true, label: 'step' });
    for (const frame of played.frames) {
      const kinds = frame.traces!.map((i) => (played.data[i]!.meta as { race: string }).race);
      expect(kinds).toEqual(['now', 'now', 'now', 'now']);
    }
    expect(JSON.stringify(played.frames[1]).length).toBeLessThan(1500);
  });

  it('works without a surface, and with a racer that diverges or leaves the picture', () => {
    const lost = races.race(landscapes.bowl(), [{ ...six[0]!, lr: 1 }, six[3]!], { steps: 60 });
    const flat = plot.race(lost, { surface: false });
    expect(flat.data.some(({ type }) => type === 'surface')).toBe(false);
    const [way] = ofKind(flat, 'way');
    // It continues outside the picture up to a limit.
    const { domain } = landscapes.bowl();
    const size = domain.x[1] - domain.x[0];
    for (const x of [...numbersOf(way, 'x'), ...numbersOf(way, 'y')]) expect(Math.abs(x)).toBeLessThan(10 * size);
    expect(numbersOf(way, 'x').length).toBeGreaterThan(1);
    expect(plot.race(lost).description).toContain('does not stay below 0.01');
  });

  it('rejects what it cannot draw', () => {
    expect(() => plot.race(result, { step: 41 })).toThrow(PlotError);
    expect(() => plot.race(result, { step: 41 })).toThrow('from 0 to 40, got 41');
    expect(() => plot.race({ ...result, runs: [] })).toThrow('at least one run');
  });
});

describe('raceMap', () => {
  it('names the racers in a legend by default', () => {
    const named = (legend?: boolean) =>
      plot.raceMap(result, { ...(legend !== undefined && { legend }) }).data.filter(({ showlegend }) => showlegend);
    expect(named().map(({ name }) => name)).toEqual(six.map(({ name }) => name));
    expect(named(false)).toEqual([]);
  });

  it('keeps an upright map in place and turns the axes', () => {
    const straight = races.race(landscapes.bowl(), six);
    const turned = races.race(landscapes.bowl({ angle: 30 }), six);
    const [a, b] = [plot.raceMap(straight, { upright: true }), plot.raceMap(turned, { upright: true })];
    expect(b.data[0]!.z).toEqual(a.data[0]!.z);
    const ways = [a, b].map((figure) => ofKind(figure, 'still'));
    // One rate for all weights: the same path in the valley's own axes. A rate for each: another one.
    six.forEach((_, k) => {
      const [straightX, turnedX] = ways.map((way) => numbersOf(way[k], 'x'));
      const apart = straightX!.map((x, i) => Math.abs(x - (turnedX![i] ?? Number.POSITIVE_INFINITY)));
      if (k < 3) expect(Math.max(...apart)).toBeLessThan(2e-3);
      else expect(Math.max(...apart)).toBeGreaterThan(0.1);
    });
    // Invisible steps are omitted; the ends stay.
    expect(numbersOf(ways[0]![0], 'x').length).toBeLessThan(90);
    expect(numbersOf(ways[0]![0], 'x')[0]).toBe(4);
    const axes = b.data.find(({ name }) => name === 'axes of the weights')!;
    expect((axes.text as string[]).filter(Boolean)).toEqual(['w₁', 'w₂']);
    const [x, y] = [numbersOf(axes, 'x'), numbersOf(axes, 'y')];
    expect((Math.atan2(y[1]! - y[0]!, x[1]! - x[0]!) * 180) / Math.PI).toBeCloseTo(30, 1);
    expect(plot.raceMap(turned).data.some(({ name }) => name === 'axes of the weights')).toBe(false);
  });
});

describe('the lines of equal height on a race’s map', () => {
  it('are drawn with few points, all at the height of the lines, and close to the next', () => {
    const map = landscapes.himmelblau();
    const [, lines] = plot.raceMap(result).data;
    const full = plot.contour(map.height, { domain: map.domain, resolution: 61, spacing: 'log', levels: 9 });
    const [x, y] = [numbersOf(lines, 'x'), numbersOf(lines, 'y')];
    expect(x.length).toBeLessThan((full.data[1]!.x as number[]).length / 2);
    expect(x.filter(Number.isNaN).length).toBe((full.data[1]!.x as (number | null)[]).filter((v) => v === null).length);
    const levels = [...full.description.matchAll(/lines at ([^;]*?)\.(?: |$)/g)][0]![1]!.split(', ').map(Number);
    x.forEach((u, i) => {
      if (Number.isNaN(u)) return;
      const height = map.height(u, y[i]!);
      const off = Math.min(...levels.map((level) => Math.abs(height / level - 1)));
      expect(off).toBeLessThan(0.04);
    });
  });
});

describe('raceBars', () => {
  it('has a bar as long as the steps, and a hatched one to the edge for one that has not arrived', () => {
    const { data, description, layout } = plot.raceBars(races.race(landscapes.bowl(), six));
    const [bar] = data;
    const settled = races.race(landscapes.bowl(), six).runs.map((run) => run.settled);
    expect(settled[0]).toBe(Number.POSITIVE_INFINITY);
    expect(numbersOf(bar, 'x').slice(1)).toEqual(settled.slice(1));
    expect(numbersOf(bar, 'x')[0]).toBeCloseTo(10 ** (layout.xaxis as { range: number[] }).range[1]!, 6);
    expect((bar!.marker as { pattern: { shape: string[] } }).pattern.shape).toEqual(['/', '', '', '', '', '']);
    expect((bar!.text as string[])[0]).toBe('not within 100');
    expect(description).toContain('GD none');
    expect(description).toContain(`AdaGrad ${settled[3]}`);
  });
});
