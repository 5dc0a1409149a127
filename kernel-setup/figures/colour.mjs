/**
 * Runs inside a page: the share of coloured pixels in the inner part of an image. A pixel is coloured if its channels
 * differ by more than 40. Axes, grid and text are grey and traces are coloured, so an empty plot or a blank canvas has
 * none. The notebooks' figures have 0.0009 to 0.84. The outer 15 % on the right, top and bottom are ignored, because they
 * contain colour bars, buttons and players.
 * @param {string} dataUrl the image
 * @returns {Promise<number>} 0 to 1
 */
export async function colourShare(dataUrl) {
  const image = new Image();
  image.src = dataUrl;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser has no 2-D canvas');
  context.drawImage(image, 0, 0);
  const [right, top] = [image.width, image.height].map((length) => Math.round(length * 0.15));
  const { data } = context.getImageData(0, top, image.width - right, image.height - 2 * top);
  let coloured = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [red, green, blue] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) coloured++;
  }
  return coloured / (data.length / 4);
}

/** Below this share an image counts as blank. One dot of a wide figure, such as the first step of a slider, has more. */
export const LEAST_COLOUR = 0.00005;
