/** Global symbol of the `node:test` reporter in the cell process (cells/node/node-tests.ts). */
export const reporterPlace = 'gradlab.node-tests';

/**
 * Node's flag for this reporter. It takes a module, which is inlined here. In threads and children it falls back to
 * Node's reporter.
 */
export const reporterFlag = `--test-reporter=data:text/javascript,${encodeURIComponent(
  `export default globalThis[Symbol.for('${reporterPlace}')] ?? (await import('node:test/reporters')).spec`,
)}`;
