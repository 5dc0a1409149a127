// Finds and starts the Chromium that draws figures and runs the browser tests. Nothing is ever downloaded.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FIXED_PLACES = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** Advice if no Chromium was found. */
export const CHROMIUM_REMEDY =
  'install Chromium (Debian: apt-get install chromium; macOS: brew install --cask chromium), or set CHROMIUM to the path of a Chromium or Chrome';

/**
 * Path of an installed Chromium or Chrome: the variable CHROMIUM, else the first on PATH, else the usual places.
 * @returns the path, or undefined if there is none
 * @throws Error when CHROMIUM is not executable (instead of silently using another one)
 */
export function findChromium(env = process.env, platform = process.platform) {
  if (env.CHROMIUM) {
    if (!isExecutable(env.CHROMIUM)) {
      throw new Error(`CHROMIUM is set to ${env.CHROMIUM}, which cannot be executed; correct it or unset it`);
    }
    return env.CHROMIUM;
  }
  const suffix = platform === 'win32' ? '.exe' : '';
  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = NAMES.flatMap((name) => onPath.map((folder) => join(folder, name + suffix)));
  return [...candidates, ...(FIXED_PLACES[platform] ?? [])].find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// SwiftShader gives the same WebGL pixels with and without a GPU; pages themselves are drawn without it, in a third of its time
// (Debian's Chromium asks for the other). The rest keeps Chromium from calling home.
const ARGUMENTS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-compositing',
  '--disable-gpu-rasterization',
];

/**
 * Starts a headless Chromium with its own profile in `folder`.
 * @param {object} options
 * @param {string} options.folder scratch folder; becomes HOME, because Debian's wrapper script writes there
 * @param {{ width: number, height: number }} [options.viewport] size of the page in CSS pixels
 * @param {object} [options.others] further options of Playwright's context, such as `javaScriptEnabled: false`
 * @returns a Playwright browser context; closing it ends the browser
 */
export async function launchChromium({ folder, viewport = { width: 1280, height: 900 }, others = {} }) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(`no Chromium found: ${CHROMIUM_REMEDY}`);
  const { chromium } = await import('playwright-core');
  return chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath,
    headless: true,
    args: ARGUMENTS,
    // As root, as in containers, Chromium refuses to start with it; we load only our own pages.
    chromiumSandbox: process.getuid?.() !== 0,
    viewport,
    deviceScaleFactor: 1,
    // The caller handles interruption.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: { ...process.env, HOME: folder },
    ...others,
  });
}
