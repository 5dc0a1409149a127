export { type AgreementMapOptions, agreementMap } from './agreement-map';
export { goalBoard } from './goal-board';
export { goalColors } from './goals';
export { hillMap } from './hill-map';
export { type HillSurfaceOptions, hillSurface } from './hill-surface';
