import { ValueError } from '../../errors';
import { thisProcess } from '../../platform';
import type { Runner } from './drive';
import { runTrial } from './trial';

/** Runs one trial after the other in this process. @internal */
export const inProcess: Runner = {
  async open({ objective, report }) {
    if (typeof objective !== 'function')
      throw new ValueError(
        'run: in this process the objective is a function, (params, trial) => value; a module is for { runner: tuner.processes() }',
      );
    const worker = `process ${thisProcess().pid}`;
    return {
      count: () => 1,
      async start(order) {
        const began = Date.now();
        const outcome = await runTrial(objective, order, (step, value) => report(order.trial.number, step, value));
        return { outcome, work: { worker, began, ended: Date.now() } };
      },
      close: () => {},
    };
  },
};
