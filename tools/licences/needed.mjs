// The licences of all dependencies, as docs/licences.md lists them. (For distributed code: notices.mjs.)
import fs from 'node:fs';
import path from 'node:path';
import { notAccepted } from './accepted.mjs';

/** @returns {{ name: string, version: string, licence: string | undefined, use: string }[]} from package-lock.json */
export function npmPackages(root) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([where, { link }]) => where.startsWith('node_modules/') && !link)
    .map(([where, { version, license, dev, optional, devOptional }]) => ({
      name: where.replace(/^.*node_modules\//, ''),
      version,
      licence: license,
      use: dev || devOptional ? 'here' : optional ? 'optional' : 'in projects',
    }));
}

/** @returns {{ name: string, version: string }[]} those that a requirements file pins */
export const pinned = (root, file) =>
  [...fs.readFileSync(path.join(root, file), 'utf8').matchAll(/^([\w.-]+)==([^\s;]+)/gm)].map(([, name, version]) => ({
    name,
    version,
  }));

/** Licence names in metadata older than SPDX. */
const former = {
  'Apache 2.0': 'Apache-2.0',
  'Apache License, Version 2.0': 'Apache-2.0',
  'Apache Software License': 'Apache-2.0',
  'BSD License': 'BSD',
  'ISC License (ISCL)': 'ISC',
  'MIT License': 'MIT',
  'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
  'Python Software Foundation License': 'PSF-2.0',
};

/** The licence in a package's metadata on the Python Package Index. */
export function pythonLicence({ license_expression: expression, license, classifiers }) {
  if (expression) return expression;
  if (license && notAccepted(license).length === 0) return license;
  const classified = classifiers.flatMap((text) => former[/^License :: .*?([^:]+)$/.exec(text)?.[1].trim()] ?? []);
  return former[license] ?? (classified.join(' AND ') || license || undefined);
}

/** The requirements files, and the purpose of their packages. */
export const requirements = [
  {
    file: 'kernel-setup/requirements.txt',
    title: 'Python packages that the set-up installs into `.venv/`: JupyterLab and what it needs',
  },
  {
    file: 'site/requirements.txt',
    title: 'Python packages that build the static site, which carries JupyterLite',
  },
];

/** The text of docs/licences.md. */
export function licencesText(npm, python) {
  const table = (packages) => [
    '| package | version | licence |',
    '|---|---|---|',
    ...packages
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
      .map(({ name, version, licence }) => `| ${name} | ${version} | ${licence ?? 'none'} |`),
    '',
  ];
  return `${[
    '# Licences of what gradlab needs',
    '',
    '<!-- Written by scripts/generate-licences.mjs; a test compares it with package-lock.json and the requirements. -->',
    '',
    'gradlab is under the [MIT licence](../LICENSE). Nothing of these packages is copied into its sources. What the static site and the',
    'packages hand out of others, JupyterLite, plotly, KaTeX, Graphviz, TypeScript and the like, is listed in their file',
    '`THIRD-PARTY-NOTICES.txt`, with the text of each licence.',
    '',
    '## npm packages that the library brings into a project',
    '',
    ...table(npm.filter(({ use }) => use === 'in projects')),
    '## npm packages that kernel, tests and tools need',
    '',
    ...table(npm.filter(({ use }) => use !== 'in projects')),
    ...python.flatMap(({ title, packages }) => [`## ${title}`, '', ...table(packages)]),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** What docs/licences.md lacks, lists needlessly, or lists with a licence that is not accepted. */
export function problemsOfLicences(root) {
  const text = fs.readFileSync(path.join(root, 'docs', 'licences.md'), 'utf8');
  const listed = [...text.matchAll(/^\| (\S+) \| (\d\S*) \| (.*) \|$/gm)].map(([, name, version, licence]) => ({
    name,
    version,
    licence,
  }));
  const wanted = [...npmPackages(root), ...requirements.flatMap(({ file }) => pinned(root, file))];
  const keys = (packages) => new Set(packages.map(({ name, version }) => `${name} ${version}`));
  const [has, needs] = [keys(listed), keys(wanted)];
  return [
    ...[...needs]
      .filter((one) => !has.has(one))
      .map((one) => `${one} is not in docs/licences.md: node scripts/generate-licences.mjs`),
    ...[...has].filter((one) => !needs.has(one)).map((one) => `${one} is in docs/licences.md, but no package needs it`),
    ...listed
      .filter(({ licence }) => notAccepted(licence).length > 0)
      .map((one) => `${one.name} ${one.version} is under ${one.licence}`),
  ];
}
