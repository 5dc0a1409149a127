// What earlier versions had under a name of "gradlab" and now stands behind the laboratory's door. To use such a name is an
// error that says where it is, of the compiler and of the program.
import { type InLab, inLab, inLessons, type Moved, moved } from './moved';

export type { InLab, InLesson, Moved } from './moved';

/** @deprecated In the laboratory. */
export const plot: InLab<'plot'> = inLab(
  'plot',
  inLessons({
    '003-where-downhill-leads': ['blocks'],
    '003-only-a-reward': ['policy'],
    '003-blame-flows-back': ['shapes'],
    '003-seven-blocks': ['blockFlow'],
    '004-how-deep-is-deep': ['rounds'],
    '004-backprop-as-matrices': ['roads'],
    '004-backprop-for-real-nets': ['timetable'],
    '004-dying-relu': ['kinks', 'raster'],
  }),
);

/** @deprecated Trees are `trees`, in "gradlab" as well; all else is in the laboratory. */
export const classic: Moved<'import { trees } from "gradlab" and import { classic } from "gradlab/lab"'> = moved(
  'classic',
  'import { trees } from "gradlab" and import { classic } from "gradlab/lab"',
  inLessons({
    '000-gan-on-a-line': ['gan1d'],
    '001-seeing-sounds': ['spectrogram'],
    '001-fold-the-paper': ['countPieces', 'tent'],
    '003-where-downhill-leads': ['twoWells'],
    '003-only-a-reward': ['actorCritic', 'gridWorld', 'reinforce'],
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
