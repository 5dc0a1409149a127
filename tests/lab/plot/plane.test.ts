import { describe, expect, it } from 'vitest';
import { plane } from '../../../src/lab/plot';
import type { Tensor } from '../../../src/tensor/tensor';

const right = (at: Tensor) => at.select(1, 0).gt(0).to('float32');
const bytesOf = (figure: ReturnType<typeof plane>) =>
  Buffer.from((figure.data[0]!.z as { bdata: string }).bdata, 'base64');

describe('the outputs of a net on a plane', () => {
  it('evaluates each position of its grid, row by row from below', () => {
    expect([...bytesOf(plane(right, [], { resolution: 3, reach: 4 }))]).toEqual([0, 0, 200, 0, 0, 200, 0, 0, 200]);
    const below = plane((at) => at.select(1, 1).lt(0).to('float32').mul(0.5), [], { resolution: 2 });
    expect([...bytesOf(below)]).toEqual([100, 100, 0, 0]);
  });

  it('has a trace for each group, filled markers with an outline', () => {
    const figure = plane(right, [
      {
        name: 'crowd',
        points: [
          [1, 2],
          [0, 1],
        ],
        color: '#000000',
      },
      { name: 'you', points: [[0.5, 0.5]], color: '#B84A00', symbol: 'ball' },
      { name: 'none', points: [], color: '#B84A00' },
    ]);
    const [, crowd, you, none] = figure.data;
    expect(crowd!.x).toEqual([1, 0]);
    expect((you!.marker as { size: number }).size).toBeGreaterThan((crowd!.marker as { size: number }).size);
    expect(none!.x).toEqual([null]);
    expect(figure.description).toContain('2 of “crowd”, 1 of “you”');
  });

  it('shows another part of the plane', () => {
    const figure = plane(right, [], { resolution: 3, domain: { x: [-1, 1], y: [3, 7] } });
    expect([figure.data[0]!.x, figure.data[0]!.y]).toEqual([
      [-1, 0, 1],
      [3, 5, 7],
    ]);
    expect([...bytesOf(figure)]).toEqual([0, 0, 200, 0, 0, 200, 0, 0, 200]);
    expect(figure.layout).toMatchObject({ xaxis: { tickvals: [-1, 0, 1] }, yaxis: { tickvals: [3, 7] } });
    const painted = plane(right, [{ name: 'few', points: [[1, 5]], color: '#000000' }], {
      colors: ['#111111', '#EEEEEE'],
    });
    expect(painted.data[0]!.colorscale).toEqual([
      [0, '#111111'],
      [0.5, '#D0D0D0'],
      [1, '#EEEEEE'],
    ]);
    expect((painted.data[1]!.marker as { size: number }).size).toBe(12);
    expect(() => plane(right, [], { domain: { x: [1, 1], y: [0, 1] } })).toThrow('domain.x');
  });

  it('keeps units equally long, and rejects invalid arguments', () => {
    const { layout } = plane(right, [], { reach: 3.4 });
    expect(layout.yaxis).toMatchObject({ scaleanchor: 'x', scaleratio: 1, tickvals: [-3, 0, 3] });
    expect(() => plane(right, [], { resolution: 201 })).toThrow('from 2 to 200, got 201');
  });
});
