// Functions of the host system. Only this folder imports Node's modules or uses Node's globals, so that a browser replaces one
// file: browser.ts is the twin for a page.
export * from './engine';
export * from './files';
export * from './places';
export * from './processes';
