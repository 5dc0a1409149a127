import { endWithParent, moduleAddress, parent } from '../../platform';
import { stored } from '../trials';
import { type Objective, type ObjectiveFile, type Order, outcomeText, runTrial } from './trial';

/**
 * Runs trials sent by the parent process, one at a time, until the channel closes. Messages are read and written
 * synchronously, so that an objective may report during a computation.
 * @param load imports a module by its address
 * @internal
 */
export async function runTrials(load: (address: string) => Promise<Record<string, unknown>>): Promise<void> {
  endWithParent();
  for (let text = parent.hear(); text !== undefined; text = parent.hear()) {
    const { objective, order } = JSON.parse(text) as { objective: Required<ObjectiveFile>; order: Order };
    const outcome = await runTrial(
      async (params, trial) => (await loaded(load, objective))(params, trial),
      order,
      (step, value) => {
        parent.tell(JSON.stringify({ step, value: stored(value) }));
        return parent.hear() === 'stop' ? 'stop' : 'go on';
      },
    );
    parent.tell(JSON.stringify({ outcome: outcomeText(outcome) }));
  }
}

async function loaded(load: (address: string) => Promise<Record<string, unknown>>, file: Required<ObjectiveFile>) {
  const exported = await load(moduleAddress(file.module));
  const found = exported[file.export];
  if (typeof found === 'function') return found as Objective;
  throw new Error(
    `${file.module} exports no function ${file.export}; it has ${Object.keys(exported).join(', ') || 'no exports'}`,
  );
}
