// What stood in `training` and is in the laboratory now.
import { type InLab, type InLesson, inLab, inLesson, type Moved, moved } from './moved';

type In<Room extends string, Name extends string> = Moved<`${Room}.${Name}, import { ${Room} } from "gradlab/lab"`>;
const within = <Room extends string, Name extends string>(room: Room, name: Name): In<Room, Name> =>
  moved(`training.${name}`, `${room}.${name}, import { ${room} } from "gradlab/lab"`);

/** @deprecated In the laboratory. */
export const landscape: In<'races', 'landscape'> = within('races', 'landscape');
/** @deprecated In the laboratory. */
export const landscapes: In<'races', 'landscapes'> = within('races', 'landscapes');
/** @deprecated In the laboratory. */
export const race: In<'races', 'race'> = within('races', 'race');
/** @deprecated In the laboratory. */
export const racers: In<'races', 'racers'> = within('races', 'racers');
/** @deprecated In the laboratory. */
export const tuneRates: In<'races', 'tuneRates'> = within('races', 'tuneRates');
/** @deprecated In the laboratory. */
export const depthProfile: In<'signalPropagation', 'depthProfile'> = within('signalPropagation', 'depthProfile');
/** @deprecated In the laboratory. */
export const meanField: In<'signalPropagation', 'meanField'> = within('signalPropagation', 'meanField');
/** @deprecated In the laboratory. */
export const trainingDisplay: InLab<'trainingDisplay'> = inLab('trainingDisplay');
/** @deprecated In the laboratory, where one lesson uses it. */
export const perceptron: InLesson<'perceptron', '004-perceptron'> = inLesson('perceptron', '004-perceptron');
/** @deprecated In the laboratory, where one lesson uses it. */
export const unitRaster: InLesson<'unitRaster', '004-dying-relu'> = inLesson('unitRaster', '004-dying-relu');
