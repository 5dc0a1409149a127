// Preloaded into Node programs that the set-up starts (see run.mjs): ends them when the set-up is gone, even if killed. A
// worker thread checks, because the main thread may be busy for seconds. Child programs inherit it.
const { isMainThread, Worker } = require('node:worker_threads');

const watch = () => {
  const parent = Number(process.env.GRADLAB_SET_UP_PID);
  setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.kill(process.pid, 'SIGKILL');
    }
  }, 250);
};

if (isMainThread) new Worker(`(${watch})()`, { eval: true, stdout: false, stderr: false }).unref();
