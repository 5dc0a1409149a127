import { describe, expect, it } from 'vitest';
import { tensor } from '../../../src';
import { PlotError } from '../../../src/errors';
import { type Arrows, type FieldOptions, field } from '../../../src/lab/plot';

type Marker = { size: number[]; symbol: string[]; angle: number[] };

describe('field', () => {
  it('draws on a line: a row for each kind, arrows of true length one below the other', () => {
    const { data, layout, description } = field(
      [
        { name: 'small', at: [0, 1, 2], along: [0.5, -1, 0] },
        { name: 'large', at: [3], along: [2] },
      ],
      { domain: [-1, 9], xLabel: 'place', title: 'Pushes' },
    );
    expect(data[0]!.x).toEqual([0, 0.5, null, 1, 0, null, 2, 2, null]);
    expect(data[0]!.y).toEqual([0.36, 0.36, null, 0, 0, null, -0.36, -0.36, null]);
    expect([data[1]!.x, data[1]!.y]).toEqual([
      [3, 5, null],
      [-1, -1, null],
    ]);
    expect(layout.yaxis).toMatchObject({ range: [-1.5, 0.5], tickvals: [0, -1], ticktext: ['small', 'large'] });
    expect(layout.xaxis).toMatchObject({ range: [-1, 9] });
    expect(data[0]!.customdata).toEqual([0.5, 0.5, null, -1, -1, null, 0, 0, null]);
    expect(description).toBe(
      'Arrows: Pushes. place runs from -1 to 9. “small”: 3 arrows, 0 to 1 long, 1 of them to the right. ' +
        '“large”: 1 arrows, 2 to 2 long, 1 of them to the right.',
    );
  });

  it('scales true lengths, and gives equal ones the given length', () => {
    const along = [0.5, -4];
    const tips = (options: Partial<FieldOptions>) =>
      (field([{ at: [0, 0], along }], { domain: [-1, 9], ...options }).data[0]!.x as number[]).filter(
        (_, i) => i % 3 === 1,
      );
    expect(tips({ scale: 2 })).toEqual([1, -8]);
    expect(tips({ lengths: 'equal', scale: 0.25 })).toEqual([0.25, -0.25]);
    expect(tips({ lengths: 'equal' })).toEqual([0.6, -0.6]);
  });

  it('gives arrows heads that grow with them, and none to invisible ones', () => {
    const { marker } = field([{ at: [0, 0, 0, 0], along: [0, 1e-9, 0.05, 4] }], { domain: [0, 6] })
      .data[0]! as unknown as {
      marker: Marker;
    };
    const tips = marker.size.filter((_, i) => i % 3 === 1);
    expect(tips.slice(0, 2)).toEqual([0, 0]);
    expect(tips[2]).toBeGreaterThan(4);
    expect(tips[3]).toBe(11);
    expect(marker.symbol.slice(0, 2)).toEqual(['circle', 'arrow']);
  });

  it('turns each head along its arrow: degrees from up, clockwise', () => {
    const angles = (arrows: Arrows, domain: FieldOptions['domain']) =>
      (field([arrows], { domain }).data[0]!.marker as Marker).angle.filter((_, i) => i % 3 === 1);
    expect(angles({ at: [0, 0], along: [1, -1] }, [-1, 1])).toEqual([90, -90]);
    const at = [0, 0, 0, 0].map((): [number, number] => [0, 0]);
    const along: [number, number][] = [
      [0, 1],
      [1, 1],
      [0, -2],
      [-3, -3],
    ];
    expect(angles({ at, along }, { x: [-1, 1], y: [-1, 1] })).toEqual([0, 45, 180, 225]);
  });

  it('draws in a plane: vectors with both parts, one unit on both axes', () => {
    const domain = { x: [0, 4], y: [0, 2] } as const;
    const at = tensor([
      [1, 1],
      [2, 1],
    ]);
    const along = tensor([
      [0.5, -0.25],
      [0, 0],
    ]);
    const { data, layout, description } = field([{ name: 'speed', at, along }], { domain });
    expect([data[0]!.x, data[0]!.y]).toEqual([
      [1, 1.5, null, 2, 2, null],
      [1, 0.75, null, 1, 1, null],
    ]);
    expect(layout.yaxis).toMatchObject({ scaleanchor: 'x', scaleratio: 1, range: [0, 2] });
    expect(data[0]).toMatchObject({ name: 'speed', showlegend: true });
    expect(description).toContain('x runs from 0 to 4, y from 0 to 2. “speed”: 2 arrows, 0 to 0.559 long.');
    const equal = field([{ at: [[1, 1]], along: [[3, -4]] }], { domain, lengths: 'equal', scale: 1 }).data[0]!;
    expect([equal.x, equal.y]).toEqual([
      [1, 1.6, null],
      [1, 0.2, null],
    ]);
  });

  it.each([
    [[], { domain: [0, 1] }, 'at least one kind'],
    [[{ at: [1, 2], along: [1] }], { domain: [0, 1] }, '“arrows”: 2 places and 1 vectors'],
    [[{ at: [], along: [] }], { domain: [0, 1] }, '0 places and 0 vectors'],
    [[{ name: 'a', at: [[1, 2]], along: [[1, 2]] }], { domain: [0, 1] }, '“a”: at: expected a list of numbers'],
    [[{ at: [1], along: [1] }], { domain: { x: [0, 1], y: [0, 1] } }, 'at: expected points'],
    [[{ at: [1], along: [Number.NaN] }], { domain: [0, 1] }, 'must be finite, got NaN'],
    [[{ at: [1], along: [1] }], { domain: [1, 0] }, 'expected [smallest, largest], got [1, 0]'],
    [[{ at: [1], along: [1] }], { domain: { x: [0, 1] } }, 'domain must be [low, high] for a line'],
    [[{ at: [1], along: [1] }], undefined, 'domain must be [low, high] for a line'],
    [[{ at: [1], along: [1] }], { domain: [0, 1], scale: 0 }, 'scale must be above 0, got 0'],
    [[{ at: [1], along: [1] }], { domain: [0, 1], lengths: 'long' }, "'true' or 'equal', got 'long'"],
  ])('rejects %o with %o', (arrows, options, message) => {
    const draw = () => field(arrows as Arrows[], options as unknown as FieldOptions);
    expect(draw).toThrow(PlotError);
    expect(draw).toThrow(message);
  });

  it('keeps the given colour of a kind', () => {
    const { data } = field(
      [
        { at: [0], along: [1] },
        { at: [0], along: [1], color: '#111111' },
      ],
      { domain: [-2, 2] },
    );
    for (const part of ['line', 'marker']) {
      expect(data[1]![part]).toMatchObject({ color: '#111111' });
      expect((data[0]![part] as { color: string }).color).not.toBe('#111111');
    }
  });
});
