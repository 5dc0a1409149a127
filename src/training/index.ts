export { TrainingDisplay, type TrainingDisplayOptions, trainingDisplay } from './display';
