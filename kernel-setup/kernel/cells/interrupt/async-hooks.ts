// Node keeps a stack of asynchronous calls. While an async hook is enabled, as by node:test, Node checks that stack after
// each call and aborts if it is inconsistent. It is inconsistent after V8 has terminated a loop, because no JavaScript ran to
// pop it. So hooks are disabled until the stack is repaired. (AsyncLocalStorage before Node 24 has a hook that cannot be
// disabled: tests/kernel/node-defects.)
import nodeHooks, { type AsyncHook } from 'node:async_hooks';
import { nextTick } from '../parent/parent';

/** The enabled hooks. */
const enabled = new Set<AsyncHook>();
/** The hooks to enable again after a termination. */
const suspended: AsyncHook[] = [];

/** Call before node:test is loaded. */
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

/** Call right before V8 terminates code, which may be several times before {@link resume}. */
export function suspend(): void {
  suspended.push(...enabled);
  for (const hook of enabled) hook.disable();
}

/** Call after the termination: an exception that reaches the capture callback makes Node clear its stack. */
export function resume(): void {
  nextTick(() => {
    process.setUncaughtExceptionCaptureCallback(() => {
      process.setUncaughtExceptionCaptureCallback(null);
      for (const hook of suspended.splice(0)) hook.enable();
    });
    throw new Error('caught by the lines above');
  });
}
