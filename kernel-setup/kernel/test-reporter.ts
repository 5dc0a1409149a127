/** The symbol under which the process of the cells has what hears of the tests of `node:test` (cells/node/node-tests.ts). */
export const reporterPlace = 'gradlab.node-tests';

/** The flag that has Node report to it. It names a module, and here is one in a line; threads and children have Node's own. */
export const reporterFlag = `--test-reporter=data:text/javascript,${encodeURIComponent(
  `export default globalThis[Symbol.for('${reporterPlace}')] ?? (await import('node:test/reporters')).spec`,
)}`;
