// Says in the notebook why no cell can run, and in Jupyter's terminal, where doctor and people without a notebook look.
import { runRefusingKernel } from './refusing-kernel.mjs';

const opening = 'no cell can run.\n';

/**
 * @param {string} ename
 * @param {{ message: string, remedy: string } | string} why
 */
export function refuse(ename, why) {
  const text = typeof why === 'string' ? why : `✗ ${why.message}\n  Try: ${why.remedy}`;
  console.error(text);
  // Without sockets no notebook can be told.
  return runRefusingKernel(process.argv[2], { ename, evalue: opening + text }).catch(() => process.exit(1));
}

/** Why a kernel refuses, if that is what it answered to a cell. */
export function refusalIn({ outputs }) {
  const error = outputs.find(({ evalue }) => String(evalue).startsWith(opening));
  return error?.evalue.slice(opening.length);
}
