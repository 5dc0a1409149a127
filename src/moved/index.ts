// What earlier versions had under a name of "gradlab" and now stands behind the laboratory's door. To use such a name is an
// error that says where it is, of the compiler and of the program.
import { type InLab, inLab, inLessons, type Moved, moved } from './moved';

export type { InLab, InLesson, Moved } from './moved';

/** @deprecated In the laboratory. */
export const plot: InLab<'plot'> = inLab(
  'plot',
  inLessons({
    '002-01': ['angleBetween'],
    '003-01': ['blocks'],
    '003-02': ['policy'],
    '003-04': ['shapes'],
    '003-05': ['blockFlow'],
    '004-02': ['rounds'],
    '004-05': ['regions', 'warpedGrid'],
    '004-09': ['roads'],
    '004-10': ['timetable'],
    '004-15': ['kinks', 'raster'],
    '004-90': ['gallery'],
  }),
);

/** @deprecated Trees are `trees`, in "gradlab" as well; all else is in the laboratory. */
export const classic: Moved<'import { trees } from "gradlab" and import { classic } from "gradlab/lab"'> = moved(
  'classic',
  'import { trees } from "gradlab" and import { classic } from "gradlab/lab"',
  inLessons({
    '000-05': ['gan1d'],
    '001-01': ['spectrogram'],
    '001-04': ['countPieces', 'tent'],
    '003-01': ['twoWells'],
    '003-02': ['actorCritic', 'gridWorld', 'reinforce'],
  }),
);

/** @deprecated In the laboratory. */
export const numeric: InLab<'numeric'> = inLab('numeric');
/** @deprecated In the laboratory. */
export const show: InLab<'show'> = inLab('show');
/** @deprecated In the laboratory. */
export const html: InLab<'html'> = inLab('html');
/** @deprecated In the laboratory. */
export const markdown: InLab<'markdown'> = inLab('markdown');
/** @deprecated In the laboratory. */
export const progress: InLab<'progress'> = inLab('progress');
/** @deprecated In the laboratory. */
export const predict: InLab<'predict'> = inLab('predict');
/** @deprecated In the laboratory. */
export const exercise: InLab<'exercise'> = inLab('exercise');
/** @deprecated In the laboratory. */
export const claim: InLab<'claim'> = inLab('claim');
/** @deprecated In the laboratory. */
export const claims: InLab<'claims'> = inLab('claims');
/** @deprecated In the laboratory. */
export const read: InLab<'read'> = inLab('read');
/** @deprecated In the laboratory. */
export const interact: InLab<'interact'> = inLab('interact');
/** @deprecated In the laboratory. */
export const interactive: InLab<'interactive'> = inLab('interactive');
/** @deprecated In the laboratory. */
export const fixed: InLab<'fixed'> = inLab('fixed');
/** @deprecated In the laboratory. */
export const trainingDisplay: InLab<'trainingDisplay'> = inLab('trainingDisplay');
