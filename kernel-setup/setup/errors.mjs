import { endWithParent } from './signals.mjs';

/** Something about the machine or the network that a person can put right. Scripts print it without a stack. */
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

/** The text a person sees for any error: details, what happened, what to try. A bug keeps its stack. */
export function explain(error) {
  if (!(error instanceof SetUpError)) return `Unexpected error, please report it:\n${error?.stack ?? error}`;
  const details = error.details?.trim() ? `${indent(lastLines(error.details, 25))}\n` : '';
  return `${details}✗ ${error.message}\n  Try: ${error.remedy}`;
}

/** Runs a script's main function; its number becomes the exit code, an error is explained and becomes 1. */
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
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
