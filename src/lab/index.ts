/**
 * gradlab/lab, the laboratory: figures, questions, claims, controls, and measurements for lessons. On top of "gradlab".
 */
import '../ops';
import { views } from '../display';
import { drawGraph } from './graph-drawing';
import type { AnyStudy } from './plot/study';
import { studyDisplay } from './study-display';
import { trainingButtons } from './training-buttons';
import { trainingDisplay } from './training-display';

// Registers the drawings that the library uses.
views.drawing = drawGraph;
views.curves = trainingDisplay;
views.study = (study) => studyDisplay(study as AnyStudy);
views.buttons = trainingButtons;

export type { ProgressOptions, ShowOptions } from '../display';
export { html, markdown, progress, show } from '../display';
export * as classic from './classic';
export * as datasets from './datasets';
export type {
  AskOptions,
  ClaimOptions,
  Control,
  Controls,
  ControlValue,
  ControlValues,
  Exercise,
  Fixed,
  Interactive,
  InteractOptions,
  Measure,
  Measured,
  Measurement,
  Span,
  ValueWidget,
} from './notebook';
export {
  aboutTheNote,
  ask,
  claim,
  claims,
  exercise,
  fixed,
  interact,
  interactive,
  predict,
  read,
  recorded,
} from './notebook';
export * as numeric from './numeric';
export * as plot from './plot';
export * as races from './races';
export * as signalPropagation from './signal-propagation';
export { StudyDisplay, type StudyDisplayOptions, studyDisplay } from './study-display';
export { TrainingDisplay, type TrainingDisplayOptions, trainingDisplay } from './training-display';
