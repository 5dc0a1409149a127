// What stood in `data` and is in the laboratory now.
import { type InLesson, inLesson, type Moved, moved } from './moved';

type InDatasets<Name extends string> = Moved<`datasets.${Name}, import { datasets } from "gradlab/lab"`>;
const inDatasets = <Name extends string>(name: Name): InDatasets<Name> =>
  moved(`data.${name}`, `datasets.${name}, import { datasets } from "gradlab/lab"`);

/** @deprecated In the laboratory. */
export const blobs: InDatasets<'blobs'> = inDatasets('blobs');
/** @deprecated In the laboratory. */
export const clusters: InDatasets<'clusters'> = inDatasets('clusters');
/** @deprecated In the laboratory. */
export const friedman1: InDatasets<'friedman1'> = inDatasets('friedman1');
/** @deprecated In the laboratory. */
export const line200: InDatasets<'line200'> = inDatasets('line200');
/** @deprecated In the laboratory. */
export const rings: InDatasets<'rings'> = inDatasets('rings');
/** @deprecated In the laboratory. */
export const wave: InDatasets<'wave'> = inDatasets('wave');
/** @deprecated In the laboratory, where one lesson uses it. */
export const chirps: InLesson<'chirps', '001-seeing-sounds'> = inLesson('chirps', '001-seeing-sounds');
/** @deprecated In the laboratory, where one lesson uses it. */
export const sparseRegression: InLesson<'sparseRegression', '004-a-rate-for-every-weight'> = inLesson(
  'sparseRegression',
  '004-a-rate-for-every-weight',
);
