import { expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import { races } from '../../../../src/lab';
import { hillMap, hillSurface } from '../../../../src/lab/lessons/004-optimizers-which-goal';

const hill = races.landscapes.himmelblau();
const six = races.racers().slice(0, 6);
const shown = races.race(hill, six);
const heightAt = (x: number, y: number) => Math.log10(1 + hill.height(x, y));
type Places = { x: number[]; y: number[]; z: number[] };

it('has a letter at each goal, on the map and on the surface', () => {
  const [onMap, onSurface] = [hillMap(shown), hillSurface(shown, 60)].map(({ data }) =>
    data.find(({ name }) => name === 'letters'),
  );
  expect(onMap).toMatchObject({ x: hill.minima.map(([x]) => x), y: hill.minima.map(([, y]) => y + 0.3) });
  for (const letters of [onMap, onSurface])
    expect(letters!.text).toEqual(['A', 'B', 'C', 'D'].map((letter) => `<b>${letter}</b>`));
});

it('names the height, and has each way up to the step a little above the ground', () => {
  const { data, layout } = hillSurface(shown, 12);
  expect((layout.scene as { zaxis: { title: { text: string } } }).zaxis.title.text).toBe('log₁₀(1 + loss)');
  for (const [k, { name, color }] of six.entries()) {
    const way = data.find((trace) => trace.name === name)!;
    expect((way.line as { color: string }).color).toBe(color);
    const { x, y, z } = way as unknown as Places;
    const [u, v] = shown.runs[k]!.path[12]!;
    expect(Math.hypot(x.at(-1)! - u, y.at(-1)! - v)).toBeLessThan(0.035);
    x.forEach((one, i) => {
      expect(z[i]! - heightAt(one, y[i]!)).toBeCloseTo(0.04, 1);
      if (i > 0) expect(Math.hypot(one - x[i - 1]!, y[i]! - y[i - 1]!)).toBeLessThan(0.26);
    });
  }
});

it('has a ball for each where it stands', () => {
  const balls = hillSurface(shown, 60).data.at(-1) as unknown as Places;
  shown.runs.forEach(({ path }, k) => {
    expect(balls.x[k]).toBeCloseTo(path[60]![0], 2);
    expect(balls.y[k]).toBeCloseTo(path[60]![1], 2);
  });
  expect(() => hillSurface(shown, 101)).toThrow(PlotError);
});
