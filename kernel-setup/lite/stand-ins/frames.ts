export { framesOf as linesOf } from '../../../src/autograd/frames';

// The kernel is one file of a page. V8 takes no blank in the name of a source: see evaluate.ts.
export const isOfKernel = (line: string): boolean => /\/(?!gradlab\b|viz\b)[\w-]+\.mjs:/.test(line);
export const withNames = (line: string): string => line.replaceAll('Cell_[', 'Cell [');
