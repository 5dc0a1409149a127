import { AutogradError } from '../errors';
import { checkSwitch } from '../options';
import { rootOf } from '../tensor/batched';
import type { Tensor } from '../tensor/tensor';
import { framesOf } from './frames';
import { gradMode, withMode } from './mode';
import type { Node } from './node';

/** Options of {@link detectAnomaly} and {@link setDetectAnomaly}. */
export interface AnomalyOptions {
  /** Whether a gradient with a NaN in it is an error; default `true`. */
  checkNan?: boolean;
}

/**
 * Runs `body` in a mode that finds the origin of wrong gradients (`torch.autograd.detect_anomaly`): every operation
 * remembers the line that called it, and an error reports that line if a backward step throws or returns NaN. Slow,
 * so for debugging only. Both the forward and the backward pass belong inside. Returns what `body` returns.
 *
 * @example
 * const x = tensor([0, 1], { requiresGrad: true });
 * detectAnomaly(() => x.log().mul(0).sum().backward());
 * // AutogradError: LogBackward0: its backward step gave NaN as the gradient of input 0 …
 * @throws {AutogradError} if `body` is asynchronous.
 */
export function detectAnomaly<T>(body: () => T, options: AnomalyOptions = {}): T {
  return withMode('detectAnomaly', 'anomaly', modeOf(true, options), body);
}

/**
 * Switches that mode on or off until further notice (`torch.autograd.set_detect_anomaly`), see {@link detectAnomaly}.
 * @throws {ValueError} if `mode` or `checkNan` is not a boolean.
 */
export function setDetectAnomaly(mode: boolean, options: AnomalyOptions = {}): void {
  checkSwitch('setDetectAnomaly', mode);
  gradMode.anomaly = modeOf(mode, options);
}

/** Whether the origin of wrong gradients is being looked for (`torch.is_anomaly_enabled`). */
export function isAnomalyEnabled(): boolean {
  return gradMode.anomaly !== 'off';
}

function modeOf(mode: boolean, { checkNan = true }: AnomalyOptions): typeof gradMode.anomaly {
  return !mode ? 'off' : checkNan ? 'nan' : 'errors';
}

/** Where a node was recorded, and, if that was in a backward pass, in which node's step. */
interface Origin {
  readonly frames: readonly string[];
  readonly during: Node | null;
}

const origins = new WeakMap<Node, Origin>();
let running: Node | null = null;

/** Remembers the line that recorded `node`. @internal */
export function noteOrigin(node: Node): void {
  origins.set(node, { frames: callersFrames(), during: running });
}

/** The line that recorded `node`, if anomaly mode has noted it and it is known. @internal */
export function lineOf(node: Node): string | null {
  return origins.get(node)?.frames[0]?.trim().replace(/^at /, '') ?? null;
}

/** Computes the gradient of input `index` of `node`; an error reports the origin of the node. @internal */
export function watched(node: Node, index: number, compute: () => Tensor | null): Tensor | null {
  const before = running;
  running = node;
  let gradient: Tensor | null;
  try {
    gradient = compute();
  } catch (error) {
    throw new AutogradError(
      `${node.name}: its backward step failed: ${error instanceof Error ? error.message : error}${origin(node)}`,
      { cause: error },
    );
  } finally {
    running = before;
  }
  if (gradient !== null && gradMode.anomaly === 'nan' && rootOf(gradient).toArray().some(Number.isNaN))
    throw new AutogradError(
      `${node.name}: its backward step gave NaN as the gradient of input ${index} ` +
        `(shape [${gradient.sizes.join(', ')}])${origin(node)}`,
    );
  return gradient;
}

/** Describes where `node` was recorded, for messages. */
function origin(node: Node): string {
  const found = origins.get(node);
  if (found === undefined)
    return '\nThe operation was recorded outside detectAnomaly, so its line is not known; put the forward pass inside.';
  const lines = found.frames.length === 0 ? ' a place that is not known' : `\n${found.frames.join('\n')}`;
  const induced = found.during === null ? '' : `\nin the backward step of ${found.during.name}${origin(found.during)}`;
  return `\nThe operation was recorded by${lines}${induced}`;
}

/** The most frames shown: the line itself and its callers. */
const SHOWN = 5;
const DEPTH = 200;

/** The lines of the stack, from the caller on. */
function stackLines(): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return framesOf(stack ?? '');
}

/**
 * The path prefix of library frames in stack traces: its folder, or the file that it was bundled into. The kernel itself
 * removes library frames and shortens the paths of user code.
 */
const library = /^\s+at .*? \(((?:\w+:)?[\\/].*):\d+:\d+\)$/
  .exec(stackLines()[0] ?? '')?.[1]
  ?.replace(/(?<=[\\/])autograd[\\/]anomaly\.[jt]s$/, '');

/** The user's part of the stack: without frames of the library, Node and the kernel. */
function callersFrames(): string[] {
  const foreign = /\bnode:|<anonymous>\)?$|[\\/]node_modules[\\/]tslab[\\/]/;
  return stackLines()
    .filter((line) => (library === undefined || !line.includes(library)) && !foreign.test(line))
    .slice(0, SHOWN);
}
