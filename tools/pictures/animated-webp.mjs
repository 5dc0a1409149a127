// Animated WebP from single pictures: https://developers.google.com/speed/webp/docs/riff_container
// A picture as small as this, moving, is three times larger as APNG and has 256 colours as GIF.

/** A chunk of a RIFF file: name, length, content, and a byte more if the length is odd. */
function chunk(name, ...contents) {
  const content = Buffer.concat(contents);
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

const uint24 = (...values) => {
  const bytes = Buffer.alloc(3 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUIntLE(value, 3 * i, 3);
  return bytes;
};

/** The chunks of a WebP file in order; none if it is another file. */
export function chunksOf(webp) {
  const found = [];
  if (webp.toString('latin1', 8, 12) !== 'WEBP') return found;
  for (let at = 12; at < webp.length; ) {
    const name = webp.toString('latin1', at, at + 4);
    const length = webp.readUInt32LE(at + 4);
    found.push({ name, content: webp.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  return found;
}

/**
 * One file that shows pictures in a loop.
 * @param {{ webp: Buffer, ms: number }[]} frames pictures of the same size, opaque, each with its milliseconds
 * @param {{ width: number, height: number }} size in pixels
 * @returns {Buffer}
 * @throws RangeError if there is no frame or a picture is not WebP with one bitstream
 */
export function animatedWebp(frames, { width, height }) {
  if (frames.length === 0) throw new RangeError('there is no picture to show');
  const size = uint24(width - 1, height - 1);
  const shown = frames.map(({ webp, ms }, i) => {
    const image = chunksOf(webp).find(({ name }) => name === 'VP8 ' || name === 'VP8L');
    if (image === undefined) throw new RangeError(`picture ${i} is not a WebP`);
    // 2: each frame replaces the one before, and does not blend with it.
    return chunk('ANMF', uint24(0, 0), size, uint24(ms), Buffer.from([2]), chunk(image.name, image.content));
  });
  const animated = Buffer.from([2, 0, 0, 0]);
  const body = [
    Buffer.from('WEBP', 'latin1'),
    chunk('VP8X', animated, size),
    chunk('ANIM', Buffer.alloc(6)), // background, and 0 for an endless loop
    ...shown,
  ];
  return chunk('RIFF', ...body);
}
