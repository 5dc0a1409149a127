// Writes docs/licences.md from package-lock.json and, for Python's packages, the data of the Python Package Index.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { licencesText, npmPackages, pinned, pythonLicence, requirements } from '../tools/licences/needed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

async function withLicence({ name, version }) {
  let status;
  // A mirror of the index may only answer for the latest version.
  for (const asked of [`${name}/${version}`, name]) {
    const answer = await fetch(`https://pypi.org/pypi/${asked}/json`);
    if (answer.ok) return { name, version, licence: pythonLicence((await answer.json()).info) };
    status = answer.status;
  }
  throw new Error(`${name} ${version}: the index answers ${status}`);
}

const python = [];
for (const { file, title } of requirements) {
  const packages = [];
  for (const one of pinned(root, file)) packages.push(await withLicence(one)); // one by one, to limit the load on the index
  python.push({ title, packages });
}
writeFileSync(new URL('../docs/licences.md', import.meta.url), licencesText(npmPackages(root), python));
