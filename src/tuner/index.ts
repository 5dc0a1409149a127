export type { StudyView } from '../display';
export type { NumpySort } from './argsort';
export { type GridOptions, type GridSampler, grid } from './grid';
export {
  type AshaOptions,
  type AshaPruner,
  asha,
  type HyperbandOptions,
  type HyperbandPruner,
  hyperband,
  hyperbandTable,
  type Rung,
} from './hyperband';
export type { Dropped } from './journal';
export { type MedianOptions, type MedianPruner, median } from './median';
export type { NoPruner, Pruner } from './pruner';
export { type RandomSampler, random } from './random';
export type { Runner, RunOptions } from './runners/drive';
export { type ProcessesOptions, processes } from './runners/processes';
export { type RedisOptions, redis } from './runners/redis';
export type { Objective, ObjectiveFile, RunningTrial } from './runners/trial';
export type { Sampler } from './samplers';
export { Search, type SearchOptions } from './search';
export {
  type CategoricalParameter,
  type CheckedCondition,
  type CheckedSpace,
  type Condition,
  type ConditionalParameter,
  categorical,
  type FloatOptions,
  type FloatParameter,
  float,
  type IntOptions,
  type IntParameter,
  int,
  type Parameter,
  type ParamsOf,
  type PlainParameter,
  Space,
  type SpaceShape,
  space,
  type ValueOf,
  when,
} from './space';
export { type Span, Study, type StudyOptions, study, type Work } from './study';
export { arrays, csv } from './table';
export { type TpeOptions, type TpeSampler, tpe } from './tpe';
export type {
  AnyParams,
  Choice,
  Direction,
  Outcome,
  Row,
  SearchEvent,
  Stored,
  StudySettings,
  Trial,
  TrialRecord,
  TrialState,
} from './types';
