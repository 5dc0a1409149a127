// The laboratory's own face: name, description, icon, and what shows while it loads, in place of JupyterLite's.
import fs from 'node:fs';
import path from 'node:path';
import { readJson, toJson } from '../../kernel-setup/setup/files.mjs';
import { ASSETS, LABORATORY } from '../pages/addresses.mjs';

const here = import.meta.dirname;
const textOf = (name) => fs.readFileSync(path.join(here, name), 'utf8');

/** Decoded bytes that a first visit loads until its notebook shows. */
export const EXPECTED_BYTES = 7_500_000;

const NAME = 'gradlab';
const ABOUT = 'Notebooks about deep learning, with a TypeScript kernel that runs in this page.';

/** The text with something in place of what a pattern finds. @throws if it finds nothing, as after an update of JupyterLite */
function replaced(text, pattern, by) {
  if (!pattern.test(text)) throw new Error(`JupyterLite's page has no ${pattern}`);
  return text.replace(pattern, () => by);
}

/** JupyterLite's page as gradlab's. @param {string} html */
export function asOurs(html) {
  const splash = textOf('splash.html')
    .replace('ICON', fs.readFileSync(path.join(here, '..', 'pages', 'assets', 'icon.svg'), 'utf8').trim())
    .replace('SPLASH', () => textOf('splash.js').replace('EXPECTED_BYTES', String(EXPECTED_BYTES)));
  const head = `<title>${NAME}</title>\n<link rel="icon" href="../${ASSETS}/icon.svg" type="image/svg+xml">`;
  const named = replaced(
    replaced(html, /<title>.*<\/title>/, head),
    /<meta name="Description"[^>]*>/i,
    `<meta name="description" content="${ABOUT}">`,
  );
  const styled = replaced(named, /<style>[\s\S]*?<\/style>/, '<style>body { margin: 0; }</style>');
  return replaced(styled, /<div id="jupyterlite-loading-indicator"[\s\S]*(?=<noscript>)/, splash).replace(
    'JupyterLite requires JavaScript to be enabled in your browser.',
    'The laboratory needs JavaScript.',
  );
}

/** Gives the laboratory of a built site its face. @param {string} site its folder */
export function dressLaboratory(site) {
  const page = path.join(site, LABORATORY);
  fs.writeFileSync(page, asOurs(fs.readFileSync(page, 'utf8')));
  const file = path.join(site, 'manifest.webmanifest');
  const { shortcuts: _, ...manifest } = readJson(file);
  fs.writeFileSync(file, toJson({ ...manifest, short_name: NAME, name: NAME, description: ABOUT }));
}
