// Required Node versions. No syntax newer than `import()`, because an old Node must be able to read it.

export const oldestNode = '20.19.0';

/**
 * Tested versions. A test compares them with README, package.json and the workflow. Node 20 has had no fixes since April
 * 2026. Its support ends in April 2027, together with 22's, so that users update once.
 */
export const testedNodes = [20, 22, 24, 26];
/** Versions that still get fixes. */
export const recommendedNodes = [22, 24, 26];
/** End of support of the oldest version. */
export const oldestNodeGoes = 'April 2027';

/** The message if Node is too old, or undefined if `version` ("20.19.0") is supported. */
export function nodeProblem(version) {
  const given = version.split('.').map(Number);
  const needed = oldestNode.split('.').map(Number);
  const place = needed.findIndex((number, i) => number !== given[i]);
  if (place === -1 || given[place] > needed[place]) return undefined;
  return {
    message: `gradlab needs Node ${oldestNode} or newer; this is Node ${version}`,
    remedy: `install Node ${orList(recommendedNodes)} from https://nodejs.org (or \`nvm install ${recommendedNodes[1]}\`), then run the command again`,
  };
}

/** Advice if Node is supported but at its end of life; otherwise undefined. */
export function nodeAdvice(version) {
  const major = Number.parseInt(version, 10);
  if (major >= recommendedNodes[0]) return undefined;
  return `it gets no more fixes; gradlab supports it until ${oldestNodeGoes}; install Node ${orList(recommendedNodes)}`;
}

/** "22, 24 or 26" */
export function orList(versions) {
  return `${versions.slice(0, -1).join(', ')} or ${versions[versions.length - 1]}`;
}
