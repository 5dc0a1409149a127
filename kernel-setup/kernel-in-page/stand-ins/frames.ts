export { framesOf as linesOf } from '../../../src/autograd/frames';
export { withNames } from './evaluate';

// The kernel is one file of a page.
export const isOfKernel = (line: string): boolean => /\/(?!gradlab\b|viz\b)[\w-]+\.mjs:/.test(line);
