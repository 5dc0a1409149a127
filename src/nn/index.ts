export { ModuleList, Sequential } from './containers';
export * as functional from './functional';
export * as init from './init';
export { Linear, type LinearOptions } from './linear';
export { MSELoss } from './loss';
export type { AnyModule, LoadResult, RecurseOption, StateDict, ZeroGradOptions } from './module';
export { Module } from './module';
export { isParameter, Parameter, type ParameterOptions } from './parameter';
