export { framesOf as linesOf } from '../../../src/autograd/frames';
export { withNames } from './evaluate';

/** Nothing of the page has a folder of a machine. */
export const ownFolders: Record<string, string> = {};

/** Whether a line of a stack trace is of gradlab's own code, which is one file of a page. */
export const isOfLibrary = (line: string): boolean => /\/(?:gradlab|viz)\.mjs:/.test(line);

// The kernel is one file of a page.
export const isOfKernel = (line: string): boolean => /\/(?!gradlab\b|viz\b)[\w-]+\.mjs:/.test(line);
