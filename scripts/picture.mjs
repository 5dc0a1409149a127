// npm run picture -- SITE: the animated picture of README, from the start page of a built site.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchChromium } from '../kernel-setup/figures/chromium.mjs';
import { paths, runMain } from '../kernel-setup/setup/index.mjs';
import { animatedWebp } from '../tools/pictures/animated-webp.mjs';

const usage =
  'npm run picture -- SITE   writes docs/images/gradient-descent.webp from a site that npm run site has built';
const origin = 'http://site.invalid/';
const quality = 0.7;

runMain(async ([site]) => {
  if (site === undefined || site.startsWith('-')) {
    console.log(usage);
    return site === '--help' ? 0 : 1;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-picture-'));
  const browser = await launchChromium({ folder, viewport: { width: 860, height: 1600 } });
  try {
    const page = await browser.newPage();
    await page.route(`${origin}**`, async (route) => {
      const file = path.join(site, decodeURIComponent(new URL(route.request().url()).pathname));
      await (fs.existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 }));
    });
    await page.goto(`${origin}index.html`);
    const hero = page.locator('.hero');
    await hero.locator('.figure[data-alive]').waitFor();
    await page.addStyleTag({ content: '.hero :is(.ways, .gradlab-quiet) { visibility: hidden }' });
    const frames = [];
    const clip = await areaOf(page);
    const shoot = async (ms) => frames.push({ ms, webp: await webpOf(page, await page.screenshot({ clip })) });
    const move = (name, value) =>
      hero.getByRole('slider', { name, exact: true }).evaluate((slider, to) => {
        /** @type {HTMLInputElement} */ (slider).value = String(to);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        slider.dispatchEvent(new Event('change', { bubbles: true }));
      }, value);
    const drawn = () => page.waitForTimeout(250);

    await drawn();
    await shoot(2500);
    await hero.getByRole('button', { name: 'It climbs out of the valley' }).click();
    // It plays by itself until the ball has left the picture.
    await hero.getByText(/η = 0.09, step 5/).waitFor();
    for (const step of [0, 1, 2, 3, 4, 5]) {
      await move('step', step);
      await drawn();
      await shoot(step === 5 ? 1500 : 600);
    }
    for (const azimuth of [...turn(-72, -12, 10), ...turn(-12, -72, -10)]) {
      await move('azimuth', azimuth);
      await drawn();
      await shoot(160);
    }
    await shoot(1500);
    const file = path.join(paths.root, 'docs', 'images', 'gradient-descent.webp');
    fs.writeFileSync(file, animatedWebp(frames, clip));
    console.log(
      `${path.relative(paths.root, file)}: ${frames.length} pictures, ${Math.ceil(fs.statSync(file).size / 1000)} kB`,
    );
    return 0;
  } finally {
    await browser.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

/** From the figure to the position of the question's remark. */
const areaOf = (page) =>
  page.evaluate(() => {
    const [figure, question] = ['.hero .figure', '.hero [data-question]'].map((name) =>
      /** @type {Element} */ (document.querySelector(name)).getBoundingClientRect(),
    );
    const remark = 60;
    const [left, top] = [Math.floor(figure.left), Math.floor(figure.top)];
    return { x: left, y: top, width: Math.ceil(figure.width), height: Math.ceil(question.bottom - top) + remark };
  });

const turn = (from, to, by) => Array.from({ length: (to - from) / by }, (_, i) => from + (i + 1) * by);

/** The browser writes WebP, which Node cannot. */
async function webpOf(page, png) {
  const url = await page.evaluate(
    async ([source, quality]) => {
      const image = await createImageBitmap(await (await fetch(source)).blob());
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      canvas.getContext('2d')?.drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [`data:image/png;base64,${png.toString('base64')}`, quality],
  );
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
