// Teams of threads in states that otherwise occur only by chance.

import { Team } from '../../src/kernels/wasm/team';
import { startThread } from '../../src/platform';

type Start = typeof startThread;

/** Waits until the threads of a team have started. */
export async function ready(team: Team): Promise<Team> {
  for (const last = Date.now() + 30_000; !team.isFree(1e9); ) {
    if (Date.now() > last) throw new Error('no thread has started');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return team;
}

/** A team of two whose second thread runs another program, with the inputs of the real one. */
export function teamWith(program: string): Team {
  const start: Start = (_, data, onEnd) => startThread(program, data, onEnd);
  return Team.start(2, start)!;
}
