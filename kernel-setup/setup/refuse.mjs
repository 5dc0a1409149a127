// Shows in the notebook, and in Jupyter's terminal, why cells cannot run. Doctor reads the terminal.
import { runRefusingKernel } from './refusing-kernel.mjs';

const opening = 'no cell can run.\n';

/**
 * @param {string} ename
 * @param {{ message: string, remedy: string } | string} why
 */
export function refuse(ename, why) {
  const text = typeof why === 'string' ? why : `✗ ${why.message}\n  Try: ${why.remedy}`;
  console.error(text);
  // Without sockets, notebooks cannot be reached.
  return runRefusingKernel(process.argv[2], { ename, evalue: opening + text }).catch(() => process.exit(1));
}

/** The reason of a refusing kernel, if a cell's outputs contain one. */
export function refusalIn({ outputs }) {
  const error = outputs.find(({ evalue }) => String(evalue).startsWith(opening));
  return error?.evalue.slice(opening.length);
}
