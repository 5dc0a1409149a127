import { expect, it } from 'vitest';
import { Generator } from '../../../../src';
import {
  bowlFigure,
  daysFigure,
  iceCream,
  lineBowl,
  type Thermometer,
  turned,
} from '../../../../src/lab/lessons/004-centring-inputs';

const thermometers: readonly Thermometer[] = [
  { name: 'from the mean', zero: 20, degrees: 1 },
  { name: '°C', zero: 0, degrees: 1 },
  { name: '°F', zero: -160 / 9, degrees: 1.8 },
  { name: 'kelvin', zero: -273.15, degrees: 1 },
];

const days = iceCream({ generator: new Generator().manualSeed(3) });
type Drawn = { name: string; x: number[]; y: number[]; text?: string[] };
const [fromTheMean, celsius, fahrenheit, kelvin] = thermometers as [
  (typeof thermometers)[0],
  (typeof thermometers)[0],
  (typeof thermometers)[0],
  (typeof thermometers)[0],
];

it('measures how far the line has turned', () => {
  expect(turned(fromTheMean, 1)).toBeCloseTo(1, 12);
  const { ratio } = lineBowl(4);
  // Only the flat direction remains, which shrinks by (κ − 1)/(κ + 1) in a step.
  expect(turned(celsius, 200)).toBeCloseTo(1 - ((ratio - 1) / (ratio + 1)) ** 200, 2);
  expect(turned(kelvin, 200)).toBeLessThan(1e-4);
});

it('draws the days at one position, with each thermometer’s degrees below', () => {
  const [a, b, c] = [celsius, fahrenheit, kelvin].map((one) => daysFigure(days, one).data as unknown as Drawn[]);
  expect(b![0]).toEqual(a![0]);
  const texts = [a, b, c].map((data) => data!.find(({ name }) => name === 'degrees')!.text);
  expect(texts).toEqual([
    ['10', '20', '30'],
    ['50', '68', '86'],
    ['283', '293', '303'],
  ]);
  const line = a!.find(({ name }) => name === 'the best line')!;
  expect((line.y[1]! - line.y[0]!) / (line.x[1]! - line.x[0]!)).toBeCloseTo(40, 6);
});

it('draws rings of equal loss around the best line', () => {
  const bowl = lineBowl(4);
  const unit = Math.hypot(1, 4);
  const [outer] = bowlFigure(celsius).data as unknown as Drawn[];
  const start = bowl.loss([1, -4]);
  expect(start).toBeCloseTo(0.5, 12);
  outer!.x.forEach((height, i) => {
    expect(bowl.loss([outer!.y[i]! * unit, height * unit]) / start).toBeCloseTo(1, 1);
  });
  // The flat line's slope is too small and its height at zero too high: the axes say so at their right and lower ends.
  const flat = (bowlFigure(celsius).data as unknown as Drawn[]).find(({ name }) => name === 'flat at the mean')!;
  const [small, high] = [flat.y[0]! * unit, flat.x[0]! * unit];
  expect([small, high]).toEqual([expect.closeTo(-1, 2), expect.closeTo(4, 1)]);
  const { xaxis, yaxis } = bowlFigure(celsius).layout as { xaxis: { title: unknown }; yaxis: { title: unknown } };
  expect(JSON.stringify(xaxis.title)).toContain('too low or too high');
  expect(JSON.stringify(yaxis.title)).toContain('too small or too large');
  const round = (bowlFigure(fromTheMean).data as unknown as Drawn[])[0]!;
  round.x.forEach((x, i) => {
    expect(Math.hypot(x, round.y[i]!)).toBeCloseTo(1, 2);
  });
});
