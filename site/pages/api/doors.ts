// The content of the reference: the library's names at the top level, and those of the laboratory in a separate part.
export * from '../../../src';
export * as lab from '../../../src/lab';
