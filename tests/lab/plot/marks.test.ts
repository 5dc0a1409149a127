import type { Layout, PlotData, ScatterLine, ScatterMarker } from 'plotly.js';
import { expect, test } from 'vitest';
import {
  type Bars,
  barMark,
  cellMark,
  type Dots,
  type Letters,
  mark,
  type Points,
  type Stroke,
} from '../../../src/lab/plot/marks';

/** Attributes of `Own` that plotly's types lack, except for those in `Known`. */
type Unknown<Own, Plotlys, Known = never> = Exclude<keyof Own, keyof Plotlys | Known | symbol>;
type None<_ extends never> = true;
/** Plotly's own types lack these attributes. */
type Missing = 'angle' | 'angleref' | 'base' | 'meta';
/** Marks have other names for these. */
type Renamed = 'hover' | 'legend';

// These are compile-time checks: an attribute that plotly does not know is an error of types.
const checks: [
  None<Unknown<Stroke, ScatterLine>>,
  None<Unknown<Dots, ScatterMarker, Missing>>,
  None<Unknown<Letters, Layout['font']>>,
  None<Unknown<Points, PlotData, Missing | Renamed>>,
  None<Unknown<Bars, PlotData, Missing | Renamed>>,
] = [true, true, true, true, true];

test('the attributes of marks are plotly’s', () => {
  expect(checks).toHaveLength(5);
});

test('a mark draws what has a look', () => {
  const at = { x: [0, 1], y: [2, 3] };
  expect(mark({ ...at, line: {} })).toMatchObject({ type: 'scatter', mode: 'lines' });
  expect(mark({ ...at, line: {}, marker: {}, text: ['', 'b'] })).toMatchObject({ mode: 'lines+markers+text' });
  expect(mark({ ...at, line: {}, mode: 'markers' })).toMatchObject({ mode: 'markers' });
  expect(mark({ ...at, z: [4, 5], marker: {} })).toMatchObject({ type: 'scatter3d', mode: 'markers' });
});

test('a mark has hover text and a place in the legend only on request', () => {
  expect(mark({ marker: {} })).toMatchObject({ hoverinfo: 'skip', showlegend: false });
  expect(mark({ marker: {}, hover: '%{x}', legend: true })).toEqual({
    type: 'scatter',
    mode: 'markers',
    marker: {},
    hovertemplate: '%{x}',
    showlegend: true,
  });
  expect(mark({ marker: {}, hover: true })).not.toHaveProperty('hoverinfo');
  expect(barMark({ hovertext: ['one'] })).toMatchObject({ type: 'bar', hoverinfo: 'text' });
  const cells = { z: [[1]], zmin: 0, zmax: 1, colorscale: [] };
  expect(cellMark({ ...cells, gap: 1 })).toMatchObject({ showscale: false, xgap: 1, ygap: 1, hoverinfo: 'skip' });
  expect(cellMark({ ...cells, colorbar: {} })).not.toHaveProperty('showscale');
});
