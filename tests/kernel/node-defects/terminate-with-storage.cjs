// A defect of Node 20 and 22, in Node alone: whoever ends a loop in a microtask by `Runtime.terminateExecution` while an
// AsyncLocalStorage is in use leaves the asynchronous id of that microtask behind, and Node aborts at the end of the next turn:
//   Assertion failed: (env_->execution_async_id()) == (0), in InternalCallbackScope::Close (src/api/callback.cc)
// Without the storage (no argument `with`) it goes on, and so does Node 24, whose storage needs no asynchronous ids.
const { AsyncLocalStorage } = require('node:async_hooks');
const { Worker } = require('node:worker_threads');
const state = new Int32Array(new SharedArrayBuffer(4));
new Worker(
  `const { workerData } = require('node:worker_threads');
   const session = new (require('node:inspector').Session)();
   session.connectToMainThread();
   Atomics.wait(workerData, 0, 0);
   setTimeout(() => session.post('Runtime.terminateExecution', () => process.exit()), 100);`,
  { eval: true, workerData: state },
);
setTimeout(() => console.log('alive'), 300);
const inLoop = async () => {
  await null;
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
  for (;;);
};
process.argv[2] === 'with' ? new AsyncLocalStorage().run(1, inLoop) : inLoop();
