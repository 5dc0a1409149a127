// Imported first by every script that a person starts. It and those scripts use no syntax younger than `import()`, so
// that an old Node reaches the message below instead of stumbling over a token of some other file.

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

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(`✗ ${problem.message}\n  Try: ${problem.remedy}`);
  process.exit(1);
}
