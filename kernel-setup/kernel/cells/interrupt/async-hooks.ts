// Node keeps books on asynchronous calls. While a hook follows them, as that of node:test does, Node compares the books after each
// call, and aborts the process where they differ. They differ after a loop that V8 has terminated, since no JavaScript runs then
// that could note the end of the call. So no hook follows while that is put right. (AsyncLocalStorage before Node 24 has a hook
// that cannot be reached: tests/kernel/node-defects.)
import nodeHooks, { type AsyncHook } from 'node:async_hooks';
import { nextTick } from '../parent/parent';

/** The hooks that follow. */
const enabled = new Set<AsyncHook>();
/** Those that followed until the loop was terminated. */
let suspended: AsyncHook[] = [];

/** To be called before node:test is loaded. */
export function follow(): void {
  const { createHook } = nodeHooks;
  nodeHooks.createHook = (callbacks) => {
    const hook = createHook(callbacks);
    const { enable, disable } = hook;
    hook.enable = () => {
      enabled.add(hook);
      return enable.call(hook);
    };
    hook.disable = () => {
      enabled.delete(hook);
      return disable.call(hook);
    };
    return hook;
  };
}

/** To be called right before a loop is terminated. */
export function suspend(): void {
  suspended = [...enabled];
  for (const hook of suspended) hook.disable();
}

/** To be called when the loop has ended: after an exception that nothing caught, Node begins new books. */
export function resume(): void {
  nextTick(() => {
    process.setUncaughtExceptionCaptureCallback(() => {
      process.setUncaughtExceptionCaptureCallback(null);
      for (const hook of suspended.splice(0)) hook.enable();
    });
    throw new Error('caught by the lines above');
  });
}
