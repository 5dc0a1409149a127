import { endWithParent } from './signals.mjs';

/** Exit code of a bundler process whose sources have errors, which it prints on stderr. */
export const sourceErrorCode = 2;

/** A problem of the machine or network that the user can solve. Scripts print it without a stack. */
export class SetUpError extends Error {
  /**
   * @param {string} message what was found
   * @param {{ remedy: string, details?: string }} more what to try, and the last lines of the tool that failed
   */
  constructor(message, { remedy, details }) {
    super(message);
    this.name = 'SetUpError';
    this.remedy = remedy;
    this.details = details;
  }
}

/**
 * Something is out of date in a folder that is not writable.
 * @param {{ root: string }} paths
 * @param {string[]} reasons
 */
export const notWritable = ({ root }, reasons) =>
  new SetUpError(`${root} is not up to date, and you cannot write there`, {
    remedy: `have somebody who can run \`npm run setup\` (for JupyterLab \`npm start\`) in ${root}`,
    details: reasons.join('\n'),
  });

/** Advice if a tool's or Node's message is about the disk or permissions; otherwise undefined. */
export function diskRemedy(text) {
  if (/ENOSPC|No space left/.test(text)) return 'free some disk space, then run the command again';
  if (text === 'EEXIST' || text === 'ENOTDIR') return "delete or rename the file that has the folder's name";
  if (!/EACCES|EPERM|EROFS|Permission denied|Read-only file system/.test(text)) return undefined;
  return 'make the folder named above writable for you (`ls -la` shows the owners), then run the command again';
}

/** The text of an error for users: details, what happened, what to try. Bugs keep their stack. */
export function explain(error) {
  if (!(error instanceof SetUpError)) {
    const remedy = diskRemedy(error?.code);
    if (remedy) return `✗ ${error.message}\n  Try: ${remedy}`;
    return `Unexpected error, please report it:\n${error?.stack ?? error}`;
  }
  const details = error.details?.trim() ? `${indent(lastLines(error.details, 25))}\n` : '';
  return `${details}✗ ${error.message}\n  Try: ${error.remedy}`;
}

/** Runs a script's main function. Its number is the exit code; an error is explained, with exit code 1. */
export async function runMain(main) {
  endWithParent();
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}

function lastLines(text, count) {
  const lines = text.trimEnd().split('\n').slice(-count);
  return lines.map((line) => (line.length > 300 ? `${line.slice(0, 299)}…` : line)).join('\n');
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
