import { expect, it } from 'vitest';
import { races } from '../../../../src/lab';
import { valleyMap } from '../../../../src/lab/lessons/004-adam-turn-the-map';

const { landscapes, race } = races;
const gd = races.racers()[0]!;
const turned = landscapes.bowl({ angle: 90 });
const result = race(turned, [gd]);
const named = (figure: ReturnType<typeof valleyMap>, name: string) =>
  figure.data.filter((trace) => trace.name === name) as unknown as {
    x: number[];
    y: number[];
    line?: { width: number };
    showlegend: boolean;
  }[];

it('names the start, also on the earlier map before it was turned', () => {
  const [there] = named(valleyMap(result), 'start');
  expect(there!.x[0]).toBeCloseTo(turned.start[0], 12);
  expect(there!.y[0]).toBeCloseTo(turned.start[1], 12);
  const [back] = named(valleyMap(result, { upright: true }), 'start');
  expect(back!.x[0]).toBeCloseTo(4, 12);
  expect(back!.y[0]).toBeCloseTo(2.2, 12);
});

it('draws the given part', () => {
  const domain = { x: [-2, 4] as [number, number], y: [-1, 3] as [number, number] };
  for (const upright of [false, true]) {
    const { layout } = valleyMap(result, { domain, upright });
    expect((layout.xaxis as { range: number[] }).range).toEqual([-2, 4]);
    expect((layout.yaxis as { range: number[] }).range).toEqual([-1, 3]);
  }
  expect((valleyMap(result).layout.xaxis as { range: number[] }).range).toEqual([-3, 5]);
});

it('draws other paths broadly below, and names the racers in a requested legend', () => {
  const before = { ...result.runs[0]!, racer: { ...gd, name: 'before' } };
  const figure = valleyMap(result, { beneath: [before], legend: true });
  const [[broad], [now]] = [named(figure, 'before'), named(figure, 'GD')];
  expect(broad!.line!.width).toBeGreaterThan(now!.line!.width);
  expect([broad!.showlegend, now!.showlegend]).toEqual([false, true]);
  const order = figure.data.map(({ name }) => name);
  expect(order.indexOf('before')).toBeLessThan(order.indexOf('GD'));
  expect(named(valleyMap(result), 'GD')[0]!.showlegend).toBe(false);
  const balls = named(figure, 'now')[0]!;
  expect(balls.x).toHaveLength(1);
});

it('is small in bytes', () => {
  expect(JSON.stringify(valleyMap(result).data[0]).length).toBeLessThan(5000);
});
