// Which Node is needed. No syntax younger than `import()`, as in whatever an old Node must read.

export const oldestNode = '20.19.0';

/** What to tell a person whose Node is too old, or undefined if `version` ("20.19.0") will do. */
export function nodeProblem(version) {
  const given = version.split('.').map(Number);
  const needed = oldestNode.split('.').map(Number);
  const place = needed.findIndex((number, i) => number !== given[i]);
  if (place === -1 || given[place] > needed[place]) return undefined;
  return {
    message: `gradlab needs Node ${oldestNode} or newer; this is Node ${version}`,
    remedy: 'install a current Node from https://nodejs.org (or `nvm install 22`), then run the command again',
  };
}
