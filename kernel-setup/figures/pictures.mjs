// Renders figures for programs in other languages, such as nbconvert: reads a JSON list of Plotly figures from standard input
// and writes a JSON list of base64 PNGs, with null for figures that fail.
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
