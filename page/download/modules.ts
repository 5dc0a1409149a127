// Loads what is beside this script, again where that fails: networks and servers stall.

type Upng = import('../figure/picture.mjs').Upng;

declare global {
  interface Window {
    UPNG: Upng;
  }
}

/** The folder of this script. */
const here = (document.currentScript as HTMLScriptElement).src.replace(/[^/]*$/, '');

function loadScript(address: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      reject(new Error(`${address.slice(here.length).replace(/\?.*/, '')} could not be loaded`));
    };
    document.head.append(script);
  });
}

/** Milliseconds after which a download counts as stalled. */
const longest = 30_000;
const stalled = (file: string) =>
  new Error(`${file} could not be loaded: no data arrived for ${longest / 1000} seconds`);

/** Settles when all of a file is in the browser's cache, however slowly it comes. */
async function arrival(address: string, file: string): Promise<void> {
  const control = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(stalled(file)), longest);
  };
  try {
    wait();
    const reader = (await fetch(address, { signal: control.signal })).body!.getReader();
    while (!(await reader.read()).done) wait();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tries a download again after growing pauses, once if it stalls. Each try has its own address, since browsers may remember that one has
 * failed.
 */
async function persistently<T>(load: (address: string) => Promise<T>, file: string, tries = 0): Promise<T> {
  const address = `${here}${file}${tries === 0 ? '' : `?${tries}`}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    // The first try may only have been slow.
    if (tries > 0) await arrival(address, file);
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(stalled(file)), longest);
    });
    return await Promise.race([load(address), late]);
  } catch (error) {
    const hasStalled = (error as Error).message === stalled(file).message;
    if (tries === 3 || (hasStalled && tries > 0)) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500 * 3 ** tries));
    return persistently(load, file, tries + 1);
  } finally {
    clearTimeout(timer);
  }
}

/** The modules of page/ that are loaded by name: see setup/page.mjs. */
interface Modules {
  'controls.js': typeof import('../figure/controls');
  'editing.js': typeof import('../editing/editing');
  'fit.js': typeof import('../figure/fit');
  'learner.js': typeof import('../progress/learner');
  'lesson.js': typeof import('../questions/lesson');
  'links.js': typeof import('../outputs/links');
  'names.js': typeof import('../outputs/names');
  'outputs.js': typeof import('../outputs/outputs');
  'page.js': typeof import('../index');
  'player.js': typeof import('../figure/player');
  'race.js': typeof import('../figure/race');
  'reading.js': typeof import('../progress/reading');
  'run-all.js': typeof import('../progress/run-all');
  'spoken.js': typeof import('../questions/spoken');
  'stills.js': typeof import('../figure/stills');
}

export const loadModule = <File extends keyof Modules>(file: File): Promise<Modules[File]> =>
  persistently((address) => import(address), file);

let plotlyLoading: Promise<unknown> | undefined;

export async function loadPlotly(): Promise<void> {
  if (window.Plotly) return;
  plotlyLoading ??= persistently(loadScript, 'plotly.min.js');
  try {
    await plotlyLoading;
  } catch (error) {
    plotlyLoading = undefined; // the next figure tries again
    throw new Error(`${(error as Error).message}. Where JupyterLab runs on this computer, \`npm start\` installs it`);
  }
  // Such as the page of a public network in its place.
  if (!window.Plotly) {
    plotlyLoading = undefined;
    throw new Error('plotly.min.js is damaged');
  }
}

let upngLoading: Promise<unknown> | undefined;

/** Loads the library that writes PNGs with palettes, at the first picture. */
export async function loadUpng(): Promise<Upng> {
  upngLoading ??= persistently(loadScript, 'pako.min.js').then(() => persistently(loadScript, 'upng.js'));
  await upngLoading;
  return window.UPNG;
}
