// The browsers of the tests: Chromium, which they need, and Firefox, on request and if it is installed.
import fs from 'node:fs';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CHROMIUM_REMEDY, findChromium, launchChromium } from '../../kernel-setup/figures/chromium.mjs';
import { takesFirefox } from './turns.mjs';

export interface Browser {
  readonly name: string;
  /** Its path; `undefined` if it is not installed. */
  find(): string | undefined;
  readonly remedy: string;
  /** Whether continuous integration must have it. */
  readonly isNeeded: boolean;
  /** Starts it headless with a profile in `folder`; closing the context ends it. */
  launch(options: { folder: string }): Promise<BrowserContext>;
}

export const chromium: Browser = {
  name: 'Chromium',
  find: findChromium,
  remedy: CHROMIUM_REMEDY,
  isNeeded: true,
  launch: launchChromium,
};

export const firefox: Browser = {
  name: 'Firefox',
  find: () =>
    process.env.FIREFOX ??
    (process.env.PATH ?? '')
      .split(path.delimiter)
      .flatMap((folder) => ['firefox', 'firefox-esr'].map((name) => path.join(folder, name)))
      .find((file) => fs.existsSync(file)),
  remedy: 'install Firefox (Debian: apt-get install firefox-esr), or set FIREFOX to the path of one',
  isNeeded: false,
  launch: launchFirefox,
};

/**
 * The browsers for tests of our own pages: with `npm test -- --all`, and by turns with `CI` and if it is installed,
 * Firefox as well.
 */
export const browsers: readonly Browser[] =
  process.env.GRADLAB_ALL || (process.env.CI && takesFirefox() && firefox.find()) ? [chromium, firefox] : [chromium];

/**
 * Ends Firefox 153's own listener to workers, which every WebDriver BiDi session has and these tests do not need. While
 * it listens, a worker that starts another one may wait for it forever. Without such a listener, this throws.
 */
const endListener = `ChromeUtils.importESModule(
  'chrome://remote/content/shared/js-process-actors/WebDriverWorkerListenerActor.sys.mjs',
).unregisterWebDriverWorkerListenerActor()`;

/** playwright-core sends this to Firefox needlessly, and Firefox up to at least 153 does not know it. */
const unknown = 'emulation.setMediaFeaturesOverride';

/** An installed Firefox, by WebDriver BiDi (playwright-core's other way to use Firefox needs its own build). */
async function launchFirefox({ folder }: { folder: string }): Promise<BrowserContext> {
  const playwright = await import('playwright-core');
  const browser = await playwright.firefox.launch({
    channel: 'moz-firefox',
    executablePath: firefox.find(),
    headless: true,
    args: ['-remote-allow-system-access'],
    env: { ...process.env, HOME: folder },
  });
  type Tree = { contexts: { context: string }[] };
  type Session = { send(command: string, parameters: object): Promise<unknown> };
  const { _connection: connection } = browser as unknown as {
    _connection: { toImpl(of: object): { _browserSession: Session } };
  };
  const session = connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = async (command, parameters) => (command === unknown ? {} : send(command, parameters));
  const { contexts } = (await send('browsingContext.getTree', { 'moz:scope': 'chrome' })) as Tree;
  await send('script.evaluate', {
    target: { context: contexts[0]!.context },
    expression: endListener,
    awaitPromise: false,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.close = () => browser.close();
  return context;
}

/**
 * A group of tests for each of several browsers. Without the browser they are skipped, and the reason is printed. In
 * continuous integration (CI is set) that is a failure if the browser is needed.
 */
export function describeIn(wanted: readonly Browser[], title: string, tests: (browser: Browser) => void): void {
  for (const browser of wanted) {
    const name = browser === chromium ? title : `${title}, in ${browser.name}`;
    if (browser.find()) {
      describe(name, () => tests(browser));
      continue;
    }
    const reason = `no ${browser.name} was found: ${browser.remedy}`;
    if (process.env.CI && browser.isNeeded) {
      describe(name, () => {
        it(`needs ${browser.name} in continuous integration`, () => expect.fail(reason));
      });
      continue;
    }
    console.warn(`Skipped: ${name}; ${reason}`);
    describe.skip(`${name} (skipped: ${reason})`, () => tests(browser));
  }
}

export const describeInChromium = (name: string, tests: () => void): void => describeIn([chromium], name, tests);
