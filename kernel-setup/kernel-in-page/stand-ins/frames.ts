export { framesOf as linesOf } from '../../../src/autograd/frames';
export { withNames } from './evaluate';

/** A page has no machine folders. */
export const ownFolders: Record<string, string> = {};

/** Whether a line of a stack trace is in gradlab's own code, which is one file in a page. */
export const isOfLibrary = (line: string): boolean => /\/(?:gradlab|viz)\.mjs:/.test(line);

// The kernel's chunks are all other modules of the page.
export const isOfKernel = (line: string): boolean => /\/(?!gradlab\b|viz\b)[\w-]+\.mjs:/.test(line);
