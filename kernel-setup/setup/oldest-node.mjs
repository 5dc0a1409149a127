// Which Node is needed. No syntax younger than `import()`, as in whatever an old Node must read.

export const oldestNode = '20.19.0';

/**
 * The versions on which all checks run. README, package.json and the workflow say the same: a test compares them.
 * Node 20 has had no fixes since April 2026. Support ends in April 2027, with that of 22, so that a machine is updated once.
 */
export const testedNodes = [20, 22, 24, 26];
/** Those that still get fixes: what to install. */
export const recommendedNodes = [22, 24, 26];
/** When support of the oldest ends. */
export const oldestNodeGoes = 'April 2027';

/** What to tell a person whose Node is too old, or undefined if `version` ("20.19.0") will do. */
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

/** What to know of a Node that runs gradlab and has reached its end of life; undefined of others. */
export function nodeAdvice(version) {
  const major = Number.parseInt(version, 10);
  if (major >= recommendedNodes[0]) return undefined;
  return `it gets no more fixes; gradlab supports it until ${oldestNodeGoes}; install Node ${orList(recommendedNodes)}`;
}

/** "22, 24 or 26" */
export function orList(versions) {
  return `${versions.slice(0, -1).join(', ')} or ${versions[versions.length - 1]}`;
}
