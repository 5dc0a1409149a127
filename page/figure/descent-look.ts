// Draws a descent's ball, path, arrow and labels on a canvas.

export type Spot = readonly [x: number, y: number];

const light = '#FFFFFF';
const dark = '#14181C';

/** Draws lines with a light outline, which keeps them visible on every background. */
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

/** Draws an arrow along points, with its head at the last one. */
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

interface Plate extends Box {
  text: string;
}

/** Plates for a label beside a point, the preferred one first, all inside a box. */
function platesBeside(pen: CanvasRenderingContext2D, text: string, [x, y]: Spot, box: Box): Plate[] {
  const [width, height] = [pen.measureText(text).width + 12, 20];
  const right = box.left + box.width - width - 2;
  const within = (left: number) => Math.max(box.left + 2, Math.min(right, left));
  return [x + 10, x - width - 10].flatMap((left) =>
    [y - height - 12, y + 13].map((top) => ({ text, left: within(left), top, width, height })),
  );
}

const fitsIn = ({ top, height }: Plate, box: Box) => top > box.top && top + height + 2 < box.top + box.height;

const covers = ({ left, top, width, height }: Plate, [u, v]: Spot) =>
  u > left - 3 && u < left + width + 3 && v > top - 3 && v < top + height + 3;

const overlap = (one: Plate, other: Plate) =>
  Math.abs(one.left + one.width / 2 - other.left - other.width / 2) < (one.width + other.width) / 2 &&
  Math.abs(one.top - other.top) < one.height;

function drawPlate(pen: CanvasRenderingContext2D, { text, left, top, width, height }: Plate) {
  pen.beginPath();
  pen.roundRect(left, top, width, height, 5);
  pen.fillStyle = 'rgba(20, 24, 28, 0.82)';
  pen.fill();
  pen.fillStyle = light;
  pen.textBaseline = 'middle';
  pen.fillText(text, left + 6, top + height / 2 + 0.5);
}

/**
 * Draws a label on a dark plate at a point, inside a box: below the point, or beside it where the label covers no `free` points.
 */
export function drawName(
  pen: CanvasRenderingContext2D,
  text: string,
  at: Spot,
  box: Box,
  { isBelow = false, free = [] }: { isBelow?: boolean; free?: readonly Spot[] } = {},
): void {
  pen.font = '600 13px Arial, Helvetica, sans-serif';
  const plates = platesBeside(pen, text, at, box);
  const beside = plates.find((plate) => fitsIn(plate, box) && !free.some((spot) => covers(plate, spot))) ?? plates[0]!;
  const { width, height } = beside;
  const left = Math.max(box.left + 2, Math.min(box.left + box.width - width - 2, at[0] - width / 2));
  const below = { ...beside, left, top: Math.min(box.top + box.height - height - 2, at[1] + 12) };
  drawPlate(pen, isBelow ? below : beside);
}

/** Draws labels beside several points; one that would cover a point or another label is left out. */
export function drawNames(pen: CanvasRenderingContext2D, names: readonly (readonly [string, Spot])[], box: Box): void {
  pen.font = '600 12px Arial, Helvetica, sans-serif';
  const drawn: Plate[] = [];
  for (const [name, at] of names) {
    const plate = platesBeside(pen, name, at, box).find(
      (one) =>
        fitsIn(one, box) && !names.some(([, spot]) => covers(one, spot)) && !drawn.some((other) => overlap(one, other)),
    );
    if (!plate) continue;
    drawn.push(plate);
    drawPlate(pen, plate);
  }
}
