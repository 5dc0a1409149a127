// CHANGELOG.md by sections: the unreleased section becomes that of a version, and a version's section the text of its
// release.

const heading = /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/gm;

/** @returns {{ name: string, date: string | undefined, text: string }[]} the sections, the newest first */
export function sectionsOf(changelog) {
  const found = [...changelog.matchAll(heading)];
  return found.map(({ 1: name, 2: date, 0: line, index }, i) => ({
    name,
    date,
    text: changelog.slice(index + line.length, found[i + 1]?.index ?? changelog.length).trim(),
  }));
}

/**
 * Returns the changelog with the unreleased section as that of a version. @throws if it is empty, or the version exists
 */
export function released(changelog, version, date) {
  const [unreleased, ...others] = sectionsOf(changelog);
  if (unreleased?.name !== 'Unreleased') throw new Error('CHANGELOG.md has no section [Unreleased] at its top');
  if (unreleased.text === '')
    throw new Error('CHANGELOG.md has no entry under [Unreleased]: describe what changes for a user');
  if (others.some(({ name }) => name === version)) throw new Error(`CHANGELOG.md has a section [${version}] already`);
  return changelog.replace('## [Unreleased]', `## [Unreleased]\n\n## [${version}] - ${date}`);
}

/** The text of a release. @throws if the changelog has none, or no date */
export function notesOf(changelog, version) {
  const section = sectionsOf(changelog).find(({ name }) => name === version);
  if (section === undefined || section.text === '') throw new Error(`CHANGELOG.md has no section [${version}]`);
  if (section.date === undefined) throw new Error(`the section [${version}] of CHANGELOG.md has no date`);
  return section.text;
}
