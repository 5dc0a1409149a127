export { type BarSeries, type BarsOptions, bars } from './bars';
export type { Camera } from './camera';
export { type ConfusionOptions, confusion } from './confusion';
export type { Arrow, ContourOptions } from './contour';
export { contour } from './contour';
export type { Band, CurvesOptions, ReferenceLine, Series } from './curves';
export { curves } from './curves';
export { type GrownTree, type TreeFigureOptions, tree } from './decision-tree';
export { type DescentOptions, descent } from './descent';
export type { DescentLoss, DescentState, SquaredErrors } from './descent-path';
export { type DotRow, type DotsOptions, dots, type Pointer, type Span, type StripOptions, strip } from './dots';
export type { NetworkNumbers } from './edges';
export { type Arrows, type FieldOptions, field } from './field';
export type { FigureSettings, PlotlyFrame, PlotlyJson, PlotlyLayout, PlotlyTrace, SelfPlaying } from './figure';
export { Figure, plotlyMimeType } from './figure';
export { type CellLine, type Cells, type HeatmapOptions, heatmap } from './heatmap';
export { type HistogramOptions, histogram, type Samples } from './histogram';
export { type HistogramsOptions, histograms } from './histograms';
export { type ImagesOptions, images } from './images';
export type { Domain, Height, HeightGrid, Point, Points } from './input';
export { type LampsOptions, lamps, tiles } from './lamps';
export { type LayerGraphOptions, layerGraph } from './layer-graph';
export { type LiveRaceOptions, liveRace } from './live-race';
export { type MatricesOptions, matrices } from './matrices';
export type { Meter } from './meters';
export { type NetworkOptions, network } from './network';
export type { Mark, Path } from './overlay';
export { type PairsOptions, pairs } from './pairs';
export { type PanelsOptions, panels } from './panels';
export { type PlaneGroup, type PlaneOptions, plane } from './plane';
export { type RaceOptions, race } from './race';
export { type RaceBarsOptions, raceBars } from './race-bars';
export { type RaceMapOptions, raceMap } from './race-map';
export type { RacerName } from './race-path';
export { type ScatterLine, type ScatterOptions, scatter } from './scatter';
export { type SettingsOptions, settings } from './settings';
export type { Chip, SliderOptions } from './slider';
export { slider } from './slider';
export {
  optimizationHistory,
  parallelCoordinate,
  type StudyFigureOptions,
  slice,
  type TimelineOptions,
  timeline,
} from './study';
export type { SurfaceOptions } from './surface';
export { surface } from './surface';
export { type TapeOptions, tape } from './tape';
export { activationLooks, type Look } from './theme';
