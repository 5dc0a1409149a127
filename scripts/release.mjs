// npm run release: checks whether everything is ready for a release, or turns the unreleased changes into a version.
import '../kernel-setup/setup/node-version.mjs';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readJson } from '../kernel-setup/setup/files.mjs';
import { problemsOfLicences } from '../tools/licences/needed.mjs';
import { addressesOf } from '../tools/release/address.mjs';
import { notesOf, released, sectionsOf } from '../tools/release/changelog.mjs';
import { disagreeing, versionOf, withVersion } from '../tools/release/versions.mjs';

const root = path.resolve(import.meta.dirname, '..');

const usage = `npm run release                  says whether the version of package.json is ready to be published
npm run release -- 1.2.3         gives what is unreleased that version: package.json, what repeats it, CHANGELOG.md
npm run release -- --notes       prints the text of the release: the version's section of CHANGELOG.md`;

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const changelogFile = path.join(root, 'CHANGELOG.md');
const readChangelog = () => fs.readFileSync(changelogFile, 'utf8');

/**
 * The conditions of a release: the question, and the faults, if any.
 * @type {[question: string, find: () => string[] | Promise<string[]>][]}
 */
const checks = [
  ['Nothing is uncommitted', () => git('status', '--porcelain').split('\n').filter(Boolean)],
  ['The version is the same everywhere', () => disagreeing(root)],
  [
    'CHANGELOG.md has a dated section for it, and nothing that is unreleased',
    () => {
      const changelog = readChangelog();
      notesOf(changelog, versionOf(root));
      const waiting = sectionsOf(changelog).find(({ name }) => name === 'Unreleased')?.text;
      return waiting
        ? ['there are entries under [Unreleased]: `npm run release -- VERSION` makes a version of it']
        : [];
    },
  ],
  [
    'The version is not tagged yet, or at this commit',
    () => {
      const tag = `v${versionOf(root)}`;
      const isThere = git('tag', '--list', tag) !== '';
      const isHere = isThere && git('rev-list', '-n', '1', tag) === git('rev-parse', 'HEAD');
      return isThere && !isHere ? [`${tag} is the tag of another commit`] : [];
    },
  ],
  [
    'package.json says where the project is: npm compares that with where the workflow runs',
    () => {
      const isThere = 'repository' in addressesOf(readJson(path.join(root, 'package.json')));
      return isThere ? [] : ['"repository" is empty: write the address of the project into it'];
    },
  ],
  ['Licences are listed, and all may be used beside MIT', () => problemsOfLicences(root)],
  [
    'Notebooks, map, claims and what is written from them are current',
    () => {
      execFileSync(process.execPath, ['scripts/check-notebooks.mjs'], { cwd: root, stdio: 'pipe' });
      return [];
    },
  ],
  [
    'Both packages can be made',
    async () => {
      const { packAll } = await import('../tools/release/make-packages.mjs');
      const out = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-release-'));
      try {
        for (const { name, size, file } of await packAll(out))
          console.log(`  ${name}: ${path.basename(file)}, ${Math.round(size / 1000)} kB`);
        return [];
      } finally {
        fs.rmSync(out, { recursive: true });
      }
    },
  ],
];

async function check() {
  console.log(`gradlab ${versionOf(root)}`);
  let failed = 0;
  for (const [title, find] of checks) {
    let problems;
    try {
      problems = await find();
    } catch (error) {
      problems = [error.stderr?.toString().trim() || [error.message, error.details].filter(Boolean).join('\n')];
    }
    console.log(`${problems.length > 0 ? '✗' : '✓'} ${title}`);
    for (const problem of problems) console.log(`    ${problem}`);
    if (problems.length > 0) failed++;
  }
  console.log(
    failed > 0
      ? `${failed} of ${checks.length} are not so`
      : `Ready, where npm test passes: git tag v${versionOf(root)} && git push --tags publishes it (.github/workflows/release.yml)`,
  );
  return failed > 0 ? 1 : 0;
}

/** Writes all files or none. */
function makeVersion(version) {
  const today = new Date().toISOString().slice(0, 10);
  const texts = withVersion(root, version);
  const changelog = released(readChangelog(), version, today);
  for (const [file, text] of texts) fs.writeFileSync(path.join(root, file), text);
  fs.writeFileSync(changelogFile, changelog);
  console.log(`gradlab is ${version} now: look at \`git diff\`, run npm test, commit, then \`npm run release\``);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { notes: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help || positionals.length > 1) return console.log(usage);
  if (values.notes) return console.log(notesOf(readChangelog(), versionOf(root)));
  return positionals.length === 1 ? makeVersion(positionals[0]) : await check();
}

main().then(
  (code) => {
    process.exitCode = code ?? 0;
  },
  (error) => {
    console.error(`✗ ${error.message}`);
    process.exitCode = 1;
  },
);
