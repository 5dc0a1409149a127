// The project's address: package.json's `repository` is the one field to fill in, such as
// https://github.com/OWNER/gradlab. All other addresses follow from it; while it is empty, none is written.

/**
 * The address fields of a package.
 * @param {{ repository?: string }} manifest package.json of the project
 * @param {string} [directory] of the package in the repository
 * @returns {{ repository?: object, homepage?: string, bugs?: object }} empty while the project has no address
 * @throws if it is not a web address
 */
export function addressesOf({ repository = '' }, directory) {
  if (repository === '') return {};
  if (!/^https:\/\/[^\s/]+\/\S+[^\s/]$/.test(repository) || repository.endsWith('.git'))
    throw new Error(
      `"repository" in package.json is "${repository}"; expected the address of the project's page, such as https://github.com/OWNER/gradlab`,
    );
  return {
    repository: { type: 'git', url: `git+${repository}.git`, ...(directory && { directory }) },
    homepage: `${repository}#readme`,
    bugs: { url: `${repository}/issues` },
  };
}
