// Preloaded into Node programs that the set-up starts (see run.mjs): ends each when the set-up is gone, even killed. A
// thread looks, since a program that compiles or unpacks is busy for seconds. Programs that these start inherit it.
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
