// A browser keeps 16 WebGL contexts a page and blanks the oldest beyond that. Up to `liveCanvases` canvases stay live (a surface has one,
// a scattergl three, making a PNG takes one); older figures become pictures until a reader points at them.

const liveCanvases = 12;

/** A figure with a plot. */
export interface Live {
  readonly node: HTMLElement;
  readonly onScreen: boolean;
  /** Replaces the plot by its picture. */
  freeze(): Promise<void>;
}

/** Figures that hold WebGL contexts, oldest first. */
const live: Live[] = [];

const canvasesOf = ({ node }: Live): number => node.querySelectorAll('canvas:not(.gradlab-race)').length;

/** Adds a figure if it holds a WebGL context. @returns whether it does */
export function enter(figure: Live): boolean {
  const holds = canvasesOf(figure) > 0;
  if (holds) live.push(figure);
  return holds;
}

export function leavePool(figure: Live): void {
  const position = live.indexOf(figure);
  if (position >= 0) live.splice(position, 1);
}

/** Freezes the oldest figures, those off the screen first. */
export async function makeRoomFor(newest: Live): Promise<void> {
  while (live.reduce((sum, figure) => sum + canvasesOf(figure), 0) > liveCanvases) {
    const oldest = live.find((figure) => figure !== newest && !figure.onScreen) ?? live.find((f) => f !== newest);
    if (!oldest) return;
    leavePool(oldest);
    await oldest.freeze();
  }
}

/** Ends a plot and gives its WebGL contexts back. */
export function release(node: HTMLElement): void {
  const canvases = [...node.querySelectorAll('canvas')];
  window.Plotly?.purge(node);
  for (const canvas of canvases) {
    const context = canvas.getContext('webgl') ?? canvas.getContext('webgl2');
    context?.getExtension('WEBGL_lose_context')?.loseContext(); // otherwise it counts until it is collected
  }
}

let queue: Promise<unknown> = Promise.resolve();

/** Draws and freezes one after the other: plotly shares one hidden WebGL context for pictures. */
export function oneAfterAnother<T>(action: () => Promise<T>): Promise<T> {
  const done = queue.then(action, action);
  queue = done;
  return done;
}
