// The version is that of package.json; these files repeat it, for programs that read it there.
import fs from 'node:fs';
import path from 'node:path';

/** Each with the position of the version in its text. */
const repeated = {
  'package-lock.json':
    /(?<=^\{\s*"name": "gradlab",\s*"version": ")[^"]+|(?<="": \{\s*"name": "gradlab",\s*"version": ")[^"]+/g,
  'src/index.ts': /(?<=^export const version = ')[^']+/gm,
  'CITATION.cff': /(?<=^version: ).+/gm,
  'kernel-setup/python/METADATA': /(?<=^Version: ).+/gm,
};

const isVersion = /^\d+\.\d+\.\d+$/;

/** The project's version. @param {string} root the project's folder */
export const versionOf = (root) => JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).version;

/** Files with another version than package.json, or none: `src/index.ts: 0.0.9`. */
export function disagreeing(root) {
  const version = versionOf(root);
  return Object.entries(repeated).flatMap(([file, place]) => {
    const found = fs.readFileSync(path.join(root, file), 'utf8').match(place) ?? ['none'];
    return found.filter((one) => one !== version).map((one) => `${file}: ${one}`);
  });
}

/** Whether `a` is later than `b`. */
export function isLater(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const at = left.findIndex((number, i) => number !== right[i]);
  return at >= 0 && left[at] > right[at];
}

/** Returns the texts of all files with another version. @throws for an invalid version, or one that is not later */
export function withVersion(root, version) {
  if (!isVersion.test(version)) throw new Error(`${version} is not a version: three numbers are needed, as in 1.2.3`);
  const now = versionOf(root);
  if (!isLater(version, now)) throw new Error(`${version} does not come after ${now}, the version of package.json`);
  const files = { ...repeated, 'package.json': /(?<=^[ \t]+"version": ")[^"]+/gm };
  return Object.entries(files).map(([file, place]) => [
    file,
    fs.readFileSync(path.join(root, file), 'utf8').replace(place, version),
  ]);
}
