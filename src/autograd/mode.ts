import { AutogradError } from '../errors';

/**
 * Whether operations are recorded for `backward()`. One object, so that dispatchers read a field.
 * @internal
 */
export const gradMode = { recording: true };

function withRecording<T>(op: string, recording: boolean, body: () => T): T {
  const before = gradMode.recording;
  gradMode.recording = recording;
  try {
    const result = body();
    if (result instanceof Promise)
      throw new AutogradError(
        `${op}: the body must not be asynchronous: what follows its first await would run in the mode of before; ` +
          `put ${op}(() => …) around the synchronous parts`,
      );
    return result;
  } finally {
    gradMode.recording = before;
  }
}

/**
 * Runs `body` without recording operations (`torch.no_grad`): its results require no gradient, and leaves may be
 * modified in place. Returns what `body` returns.
 * @throws {AutogradError} if `body` is asynchronous.
 */
export function noGrad<T>(body: () => T): T {
  return withRecording('noGrad', false, body);
}

/** Runs `body` with recording switched on again inside a `noGrad` (`torch.enable_grad`). */
export function enableGrad<T>(body: () => T): T {
  return withRecording('enableGrad', true, body);
}

/** Whether operations are being recorded (`torch.is_grad_enabled`). */
export function isGradEnabled(): boolean {
  return gradMode.recording;
}
