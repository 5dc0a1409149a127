// Draws figures for programs that are not Node, such as nbconvert: reads a JSON list of plotly figures from standard input, and
// writes a JSON list of PNGs in base64, null where a figure cannot be drawn.
import { text } from 'node:stream/consumers';
import { openFigurePage } from './draw.mjs';

const figures = JSON.parse(await text(process.stdin));
const page = await openFigurePage();
try {
  const drawn = [];
  for (const figure of figures)
    drawn.push(
      await page.draw(figure).catch(({ message }) => {
        console.error(message);
        return null;
      }),
    );
  process.stdout.write(JSON.stringify(drawn));
} finally {
  await page.close();
}
