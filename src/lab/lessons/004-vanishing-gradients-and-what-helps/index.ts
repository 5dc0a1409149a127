export {
  type DeepNet,
  type DeepRun,
  type DeepRunsOptions,
  deepRuns,
  type Look,
  quarterPoints,
  type Recipe,
  type Step,
} from './deep-runs';
