import path from 'node:path';

const kernelFolder = path.dirname(__dirname);

/** Whether a line of a stack trace is of the kernel's own code. */
export const isOfKernel = (line: string): boolean => line.includes(kernelFolder);

/** A line of a stack trace with the names of cells as the kernel gave them. */
export const withNames = (line: string): string => line;

/** The frames of a stack, one in each line, as V8 writes them. */
export const linesOf = (stack: string, _error: object): string[] =>
  stack.split('\n').filter((line) => /^\s+at /.test(line));
