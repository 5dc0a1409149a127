import { AutogradError } from '../errors';

/**
 * Whether operations are recorded for `backward()`, and whether anomalies are looked for: errors in backward steps, or
 * NaN as well. One object, so that dispatchers read a field.
 * @internal
 */
export const gradMode: { recording: boolean; anomaly: 'off' | 'errors' | 'nan' } = { recording: true, anomaly: 'off' };

/** Runs `body` with a mode set, and sets it back. @internal */
export function withMode<K extends keyof typeof gradMode, T>(
  op: string,
  key: K,
  value: (typeof gradMode)[K],
  body: () => T,
): T {
  const before = gradMode[key];
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
 * @throws {AutogradError} if `body` is asynchronous.
 */
export function setGradEnabled(mode: boolean): void;
export function setGradEnabled<T>(mode: boolean, body: () => T): T;
export function setGradEnabled<T>(mode: boolean, body?: () => T): T | undefined {
  if (body !== undefined) return withMode('setGradEnabled', 'recording', mode, body);
  gradMode.recording = mode;
  return undefined;
}

/** Whether operations are being recorded (`torch.is_grad_enabled`). */
export function isGradEnabled(): boolean {
  return gradMode.recording;
}
