import { expect, test } from 'vitest';
import { plot } from '../../src/lab';
import { describeInChromium } from '../support/browsers';
import type { Bench } from '../support/figure-bench';
import { frames } from '../support/held-clock';
import { useBench } from '../support/use-bench';

declare const bench: Bench;
declare const Plotly: { restyle(node: HTMLElement, change: object, traces: number[]): Promise<void> };

/** Twelve maps without white, which a player shows in about a second. */
const numbers = Array.from({ length: 12 }, (_, i) => i);
const maps: Record<string, (k: number) => plot.Figure> = {
  contour: (k) => plot.contour((x, y) => (x - k) ** 2 + y * y, { colors: 'grey', height: 520 }),
  plane: (k) => plot.plane((at) => at.select(1, 0).mul(k).sigmoid(), [], { height: 520 }),
  'contour in a panel': (k) =>
    plot.panels(
      [plot.contour((x, y) => (x - k) ** 2 + y * y, { equalAspect: false }), plot.curves([{ name: 'k', y: [0, k] }])],
      {
        height: 520,
      },
    ),
};

describeInChromium('maps that are played', () => {
  const own = useBench();

  test.each(Object.keys(maps))('stay filled between two frames: %s', async (name) => {
    const { page } = own;
    const figure = plot.slider(numbers, maps[name]!, { label: 'k', play: 100 });
    await page.evaluate((value) => bench.add(value), figure.toJSON());
    await frames(page);
    const map = await page.evaluate(() => {
      const { x, y, width, height } = document.querySelector('.mlayer image')!.getBoundingClientRect();
      return { x, y, width, height };
    });
    const painted: string[] = [];
    const session = await page.context().newCDPSession(page);
    session.on('Page.screencastFrame', ({ data, sessionId }) => {
      painted.push(data);
      void session.send('Page.screencastFrameAck', { sessionId });
    });
    await session.send('Page.startScreencast', { format: 'png' });
    const play = page.getByRole('button', { name: 'play' });
    for (let turn = 0; turn < 2; turn++) {
      // Measured within the page: a busy machine may not poll while it plays.
      const button = (await play.elementHandle())!;
      const played = button.evaluate(whenPlayed);
      await button.click();
      await played;
      expect(await page.locator('.gradlab-player input').inputValue()).toBe('11');
    }
    await session.send('Page.stopScreencast');
    expect(painted.length).toBeGreaterThan(4);
    const shares = await page.evaluate(shareOfWhite, { painted, map });
    // Lines and numbers are not white; a map without its image has 0.94.
    expect(shares.filter((share) => share > 0.2)).toEqual([]);
  });

  test('a cell that becomes empty shows nothing of the previous map', async () => {
    const { page } = own;
    const z = [
      [1, 2],
      [3, 4],
    ];
    const holed = (k: number) => plot.heatmap({ z: k === 0 ? z : z.map(([, b]) => [NaN, b!]) }, { height: 300 });
    await page.evaluate((value) => bench.add(value), plot.slider([0, 1], holed, { label: 'k' }).toJSON());
    await frames(page);
    const sources = () =>
      page.evaluate(() =>
        ['.mlayer image', '.gradlab-kept'].map((which) =>
          [...document.querySelectorAll(which)].map(
            (image) => image.getAttribute('xlink:href') ?? image.getAttribute('href'),
          ),
        ),
      );
    const [[full]] = await sources();
    await page.locator('.gradlab-player input').fill('1');
    await expect.poll(async () => (await sources())[0]![0] === full).toBe(false);
    await expect.poll(async () => (await sources())[1]).toEqual((await sources())[0]);
  });

  test('a map has one copy below it, and none once it is hidden', async () => {
    const { page } = own;
    await page.evaluate((value) => bench.add(value), maps.contour!(1).toJSON());
    const copies = () => page.locator('.gradlab-kept').count();
    await expect.poll(copies).toBe(1);
    const redraw = (visible: boolean) =>
      page.evaluate((value) => Plotly.restyle(bench.figures[0]!.node, { visible: value }, [0]), visible);
    await redraw(true);
    await expect.poll(copies).toBe(1);
    await redraw(false);
    await expect.poll(copies).toBe(0);
    await redraw(true);
    await expect.poll(copies).toBe(1);
  });
});

/** Resolves when a player that starts after this call has finished. */
const whenPlayed = (button: Element) =>
  new Promise<void>((resolve) => {
    let isPlaying = false;
    new MutationObserver(() => {
      if (button.ariaLabel === 'pause') isPlaying = true;
      else if (isPlaying) resolve();
    }).observe(button, { attributes: true });
  });

/** Runs in the page: the share of white in a region, in each of several screenshots. */
async function shareOfWhite({
  painted,
  map,
}: {
  painted: string[];
  map: { x: number; y: number; width: number; height: number };
}) {
  const shares: number[] = [];
  for (const data of painted) {
    const picture = new Image();
    picture.src = `data:image/png;base64,${data}`;
    await picture.decode();
    const scale = picture.width / window.innerWidth;
    const [width, height] = [map.width * scale, map.height * scale].map(Math.round) as [number, number];
    const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')!;
    context.drawImage(picture, -map.x * scale, -map.y * scale);
    const pixels = context.getImageData(0, 0, width, height).data;
    let white = 0;
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i]! + pixels[i + 1]! + pixels[i + 2]! > 750) white++;
    shares.push(white / (pixels.length / 4));
  }
  return shares;
}
