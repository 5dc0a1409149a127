/**
 * Whether operations are recorded for `backward()`. One object, so that dispatchers read a field.
 * @internal
 */
export const gradMode = { recording: true };

function withRecording<T>(recording: boolean, body: () => T): T {
  const before = gradMode.recording;
  gradMode.recording = recording;
  try {
    return body();
  } finally {
    gradMode.recording = before;
  }
}

/**
 * Runs `body` without recording operations (`torch.no_grad`): its results require no gradient, and leaves may be
 * modified in place. Returns what `body` returns; `body` must not be asynchronous.
 */
export function noGrad<T>(body: () => T): T {
  return withRecording(false, body);
}

/** Runs `body` with recording switched on again inside a `noGrad` (`torch.enable_grad`). */
export function enableGrad<T>(body: () => T): T {
  return withRecording(true, body);
}

/** Whether operations are being recorded (`torch.is_grad_enabled`). */
export function isGradEnabled(): boolean {
  return gradMode.recording;
}
