export { defineOp, notDifferentiable, notImplemented } from './define';
export type { Index } from './indexing';

import { joining } from './joining';
export const { cat, stack, where } = joining;
export { meshgrid } from './joining';

import './index';
