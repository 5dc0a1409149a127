// How a descent's ball, path, arrow and names are drawn, on a canvas.

export type Spot = readonly [x: number, y: number];

const light = '#FFFFFF';
const dark = '#14181C';

/** A line through spots: its own colour within a light edge, so that it is seen on every ground. Faint: behind the surface. */
export function strokeLine(
  pen: CanvasRenderingContext2D,
  lines: readonly (readonly Spot[])[],
  color: string,
  width: number,
) {
  pen.lineJoin = 'round';
  pen.lineCap = 'round';
  for (const [stroke, wide] of [
    [light, width + 1.5],
    [color, width],
  ] as const) {
    pen.beginPath();
    for (const line of lines) for (const [i, [x, y]] of line.entries()) i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y);
    pen.strokeStyle = stroke;
    pen.lineWidth = wide;
    pen.stroke();
  }
}

export function drawDots(pen: CanvasRenderingContext2D, spots: readonly Spot[], color: string, radius: number) {
  pen.fillStyle = color;
  for (const [x, y] of spots) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

export function drawBall(pen: CanvasRenderingContext2D, [x, y]: Spot, color: string, radius: number) {
  pen.beginPath();
  pen.arc(x, y, radius + 1, 0, 2 * Math.PI);
  pen.strokeStyle = dark;
  pen.lineWidth = 3.5;
  pen.stroke();
  const shade = pen.createRadialGradient(x - radius / 3, y - radius / 3, radius / 8, x, y, radius);
  shade.addColorStop(0, '#FFE9D6');
  shade.addColorStop(0.45, color);
  shade.addColorStop(1, color);
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = shade;
  pen.fill();
  pen.strokeStyle = light;
  pen.lineWidth = 2;
  pen.stroke();
}

export function drawHome(pen: CanvasRenderingContext2D, [x, y]: Spot, radius: number) {
  pen.beginPath();
  pen.moveTo(x, y - radius);
  pen.lineTo(x + radius, y);
  pen.lineTo(x, y + radius);
  pen.lineTo(x - radius, y);
  pen.closePath();
  pen.fillStyle = dark;
  pen.fill();
  pen.strokeStyle = light;
  pen.lineWidth = 2;
  pen.stroke();
}

/** An arrow along spots, with its head at the last. */
export function drawArrow(pen: CanvasRenderingContext2D, spots: readonly Spot[], size: number) {
  const tip = spots.at(-1)!;
  const before = [...spots].reverse().find(([x, y]) => Math.hypot(tip[0] - x, tip[1] - y) > size) ?? spots[0]!;
  const long = Math.hypot(tip[0] - before[0], tip[1] - before[1]);
  if (long < 2) return;
  const [u, v] = [(tip[0] - before[0]) / long, (tip[1] - before[1]) / long];
  const neck: Spot = [tip[0] - u * size, tip[1] - v * size];
  const shaft = [...spots.filter(([x, y]) => (tip[0] - x) * u + (tip[1] - y) * v > size), neck];
  const half = 0.55 * size;
  pen.lineJoin = 'round';
  pen.lineCap = 'butt';
  for (const [color, more] of [
    [light, 3],
    [dark, 0],
  ] as const) {
    pen.strokeStyle = color;
    pen.fillStyle = color;
    pen.beginPath();
    for (const [i, [x, y]] of shaft.entries()) i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y);
    pen.lineWidth = 3 + more;
    pen.stroke();
    pen.beginPath();
    pen.moveTo(tip[0], tip[1]);
    pen.lineTo(neck[0] - v * half, neck[1] + u * half);
    pen.lineTo(neck[0] + v * half, neck[1] - u * half);
    pen.closePath();
    pen.lineWidth = more;
    if (more > 0) pen.stroke();
    pen.fill();
  }
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * A name on a dark plate at a spot, within a box: below it, or beside what is drawn there, where there is room and `free` spots stay
 * in sight.
 */
export function drawName(
  pen: CanvasRenderingContext2D,
  text: string,
  [x, y]: Spot,
  box: Box,
  { isBelow = false, free = [] }: { isBelow?: boolean; free?: readonly Spot[] } = {},
) {
  pen.font = '600 13px Arial, Helvetica, sans-serif';
  const [width, height] = [pen.measureText(text).width + 12, 20];
  const [right, bottom] = [box.left + box.width - width - 2, box.top + box.height - height - 2];
  const within = (left: number) => Math.max(box.left + 2, Math.min(right, left));
  const places = [x + 10, x - width - 10].flatMap((left) => [
    [within(left), y - height - 12],
    [within(left), y + 13],
  ]) as [number, number][];
  const fits = ([left, top]: Spot) =>
    top > box.top &&
    top < bottom &&
    !free.some(([u, v]) => u > left - 3 && u < left + width + 3 && v > top - 3 && v < top + height + 3);
  const [left, top] = isBelow ? [within(x - width / 2), Math.min(bottom, y + 12)] : (places.find(fits) ?? places[0]!);
  pen.beginPath();
  pen.roundRect(left, top, width, height, 5);
  pen.fillStyle = 'rgba(20, 24, 28, 0.82)';
  pen.fill();
  pen.fillStyle = light;
  pen.textBaseline = 'middle';
  pen.fillText(text, left + 6, top + height / 2 + 0.5);
}
