import { describe } from '../describe';
import { AutogradError, ValueError } from '../errors';
import { checkSwitch } from '../options';
import { soon } from '../platform';

/**
 * Whether operations are recorded for `backward()`, and whether anomalies are looked for: errors in backward steps, or
 * NaN as well. One object, so that dispatchers read a field.
 * @internal
 */
export const gradMode: { recording: boolean; anomaly: 'off' | 'errors' | 'nan' } = { recording: true, anomaly: 'off' };

/** How many bodies are running that may set modes, which were like this around the first of them. */
let depth = 0;
const around = { ...gradMode };
let isWatched = false;

/**
 * Begins a body that sets modes, and sets them back before it calls {@link leaveModes}. An interrupt of a cell ends what runs
 * without any `finally`: the modes are then set back when the next thing begins, since no body outlasts what it runs in.
 * @internal
 */
export function enterModes(): void {
  if (depth++ === 0) {
    around.recording = gradMode.recording;
    around.anomaly = gradMode.anomaly;
  }
  if (isWatched) return;
  isWatched = true;
  soon(() => {
    isWatched = false;
    if (depth === 0) return;
    depth = 0;
    Object.assign(gradMode, around);
  });
}

/** @internal */
export function leaveModes(): void {
  depth--;
}

/** Runs `body` with a mode set, and sets it back. @internal */
export function withMode<K extends keyof typeof gradMode, T>(
  op: string,
  key: K,
  value: (typeof gradMode)[K],
  body: () => T,
): T {
  if (typeof body !== 'function') throw new ValueError(`${op}: needs a function to run, got ${describe(body)}`);
  const before = gradMode[key];
  enterModes();
  gradMode[key] = value;
  try {
    const result = body();
    if (result instanceof Promise)
      throw new AutogradError(
        `${op}: the body must not be asynchronous: what follows its first await would run in the mode of before; ` +
          `put ${op}(() => …) around the synchronous parts`,
      );
    return result;
  } finally {
    gradMode[key] = before;
    leaveModes();
  }
}

/**
 * Runs `body` without recording operations (`torch.no_grad`): its results require no gradient, and leaves may be
 * modified in place. Returns what `body` returns.
 * @throws {AutogradError} if `body` is asynchronous.
 */
export function noGrad<T>(body: () => T): T {
  return withMode('noGrad', 'recording', false, body);
}

/** Runs `body` with recording switched on again inside a `noGrad` (`torch.enable_grad`). */
export function enableGrad<T>(body: () => T): T {
  return withMode('enableGrad', 'recording', true, body);
}

/**
 * Switches recording on or off (`torch.set_grad_enabled`): for `body` alone, whose result it returns, or until further
 * notice if there is none; inside a `noGrad`, until its end.
 * @throws {AutogradError} if `body` is asynchronous; {@link ValueError} if `mode` is not a boolean.
 */
export function setGradEnabled(mode: boolean): void;
export function setGradEnabled<T>(mode: boolean, body: () => T): T;
export function setGradEnabled<T>(mode: boolean, body?: () => T): T | undefined {
  checkSwitch('setGradEnabled', mode);
  if (body !== undefined) return withMode('setGradEnabled', 'recording', mode, body);
  gradMode.recording = mode;
  return undefined;
}

/** Whether operations are being recorded (`torch.is_grad_enabled`). */
export function isGradEnabled(): boolean {
  return gradMode.recording;
}
