// Third-party code that gradlab distributes, in the static site and in its packages: each package with its licence. A
// package without a licence, or without its text, fails the build.
import fs from 'node:fs';
import path from 'node:path';
import { writeIfChanged } from '../../kernel-setup/setup/files.mjs';
import { notAccepted } from './accepted.mjs';

/** The file beside the site and in each package. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';

/**
 * @typedef {object} Notice
 * @property {string} name
 * @property {string} version
 * @property {string | undefined} licence
 * @property {string} text
 * @property {string} source address of its source
 */

const texts = path.join(import.meta.dirname, 'texts');
const textOf = (name) => fs.readFileSync(path.join(texts, `${name}.txt`), 'utf8');

/** Licence texts of packages published without them: by name, or by prefix of their names. */
const supplied = {
  '@viz-js/viz': 'viz-js',
  '@jupyter-notebook/': 'jupyter-notebook',
  '@jupyter-widgets/': 'jupyter-widgets',
  '@jupyter/react-components': 'jupyter-ui-toolkit',
  '@jupyter/web-components': 'jupyter-ui-toolkit',
  '@jupyter/ydoc': 'jupyter-ydoc',
  '@jupyterlab/': 'jupyterlab',
  '@lumino/': 'lumino',
  '@microsoft/fast-': 'fast',
  'json-schema-merge-allof': 'json-schema-merge-allof',
  'vega-lite': 'vega-lite',
  'vega-util': 'vega-util',
};
const suppliedText = (name) => {
  const found = Object.keys(supplied).find((key) => (/[/-]$/.test(key) ? name.startsWith(key) : name === key));
  return found === undefined ? '' : textOf(supplied[found]);
};

/** Code compiled into packages, according to their source maps. */
const compiledIn = { emsdk: 'MIT OR NCSA', expat: 'MIT', graphviz: 'EPL-2.0' };
const suppliedForCompiled = { emsdk: 'emscripten' };

const ofNpm = (name, version) => `https://www.npmjs.com/package/${name}/v/${version}`;

const isLicence = (file) => /^(licen[cs]e|copying|notice|third-?party-?(notice|licen[cs]e))[\w.-]*$/i.test(file);

/** The notices of an npm package, from its folder: its own, and those of code compiled into it. @returns {Notice[]} */
export function noticesOfPackage(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const own = fs.readdirSync(folder).filter(isLicence).sort();
  const text = own.map((file) => fs.readFileSync(path.join(folder, file), 'utf8')).join('\n\n') || suppliedText(name);
  return [{ name, version, licence: license, text, source: ofNpm(name, version) }, ...compiledInto(folder, name)];
}

/** From the package's provenance statement (https://slsa.dev), if it has one. */
function compiledInto(folder, inPackage) {
  const file = path.join(folder, 'lib', 'provenance.json');
  if (!fs.existsSync(file)) return [];
  const { predicate } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return predicate.buildDefinition.resolvedDependencies.map(({ uri }) => {
    const [, name, version] = /([a-z]+)[-@](\d[\d.]*\d)(?:\.tar\.\w+|\?.*)?$/.exec(uri) ?? [undefined, uri, ''];
    const licence = Object.hasOwn(compiledIn, name) ? compiledIn[name] : undefined;
    const text = licence === undefined ? '' : textOf(suppliedForCompiled[name] ?? name);
    return { name: `${name} (in ${inPackage})`, version, licence, text, source: uri };
  });
}

/**
 * Reads a list `third-party-licenses.json`, as the bundlers of JupyterLab and its extensions write it. @returns
 * {Notice[]}
 */
export function noticesOfList(file) {
  const { packages } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return packages.map(({ name, versionInfo, licenseId, extractedText }) => ({
    name,
    version: versionInfo,
    licence: licenseId,
    text: extractedText || suppliedText(name),
    source: ofNpm(name, versionInfo),
  }));
}

/** The data sets in the library, by their folders. */
export const dataSets = {
  digits: {
    name: 'Optical Recognition of Handwritten Digits',
    licence: 'CC-BY-4.0',
    source: 'https://doi.org/10.24432/C50P49',
  },
  'fashion-mnist': {
    name: 'Fashion-MNIST',
    licence: 'MIT',
    source: 'https://github.com/zalandoresearch/fashion-mnist',
  },
};

/** The data sets, each with its licence. @returns {Notice[]} */
export function noticesOfData(paths) {
  return Object.entries(dataSets).map(([folder, known]) => {
    const text = fs.readFileSync(path.join(paths.sources, 'data', folder, 'LICENSE'), 'utf8');
    return { ...known, version: '', text };
  });
}

/**
 * The folders of the packages to which modules or files belong; everything outside `node_modules/` is ours. The
 * bundler's own helpers have ids that are not files.
 */
export function packageFolders(paths, files) {
  const folders = new Set();
  for (const file of files) {
    const id = file.replaceAll('\\', '/');
    if (id.startsWith('\0rolldown/')) folders.add(path.join(paths.nodeModules, 'rolldown'));
    const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [];
    if (folder !== undefined && !id.startsWith('\0')) folders.add(path.normalize(folder));
  }
  return [...folders];
}

/**
 * Writes {@link NOTICES} into a folder.
 * @param {object} paths the project's
 * @param {string} to
 * @param {object} handedOut
 * @param {string} handedOut.what the name of the distributed product
 * @param {string[]} handedOut.files the modules and files it is made of, which determine the packages
 * @param {Notice[]} [handedOut.more]
 * @throws {Error} see {@link noticesText}
 */
export function writeNotices(paths, to, { what, files, more = [] }) {
  const notices = [...packageFolders(paths, files).flatMap(noticesOfPackage), ...more];
  writeIfChanged(path.join(to, NOTICES), noticesText(what, notices));
}

/** The problem of a notice, or undefined. */
function problemOf({ name, version, licence, text }) {
  const missing = notAccepted(licence);
  if (missing.length > 0) return `${name} ${version}: ${missing.join(', ')}`;
  return text.trim() === '' ? `${name} ${version}: no text of its licence (${licence})` : undefined;
}

const line = `${'='.repeat(80)}\n`;

/**
 * The text of {@link NOTICES}; packages with the same text are grouped.
 * @param {string} what the name of the distributed product
 * @param {Notice[]} notices
 * @throws {Error} naming all packages without a redistributable licence, or without its text
 */
export function noticesText(what, notices) {
  const problems = new Set(notices.map(problemOf).filter((one) => one !== undefined));
  if (problems.size > 0)
    throw new Error(
      `${what} may not be handed out with\n${[...problems].map((one) => `  ${one}\n`).join('')}` +
        'Look its licence up: what may be handed on is in tools/licences/accepted.mjs; a text that the package lacks goes to ' +
        'tools/licences/texts/, and its name into notices.mjs',
    );
  const byText = new Map();
  for (const notice of notices.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    const text = `${notice.text.replaceAll('\r\n', '\n').trim()}\n`;
    const { name, version, licence, source } = notice;
    const title = `${[name, version].filter(Boolean).join(' ')}, ${licence}\n  ${source}\n`;
    byText.set(text, (byText.get(text) ?? new Set()).add(title));
  }
  const parts = [...byText].map(([text, titles]) => `${line}${[...titles].join('')}\n${text}`);
  return `${what} is under the MIT licence, and hands out what follows, each under its own licence.\n\n${parts.join('\n')}`;
}
