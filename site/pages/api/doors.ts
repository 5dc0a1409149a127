// What the reference shows: the library's names at the top, and those of the laboratory in a part of its own.
export * from '../../../src';
export * as lab from '../../../src/lab';
