// Writes docs/licences.md from package-lock.json and, for Python's packages, what the Python Package Index says of them.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { licencesText, npmPackages, pinned, pythonLicence, requirements } from './release/licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

async function withLicence({ name, version }) {
  const answer = await fetch(`https://pypi.org/pypi/${name}/${version}/json`);
  if (!answer.ok) throw new Error(`${name}: the index answers ${answer.status}`);
  return { name, version, licence: pythonLicence((await answer.json()).info) };
}

const python = [];
for (const { file, title } of requirements) {
  const packages = [];
  for (const one of pinned(root, file)) packages.push(await withLicence(one)); // one by one: the index is asked kindly
  python.push({ title, packages });
}
writeFileSync(new URL('../docs/licences.md', import.meta.url), licencesText(npmPackages(root), python));
