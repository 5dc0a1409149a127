// Entry of the cell process. It receives compiled cells from the host, runs them on the main thread, and reports.
import { releaseMemoryWhenIdle } from '../idle-memory';
import type { LibraryBuild } from '../library-build';
import type { ToCells } from '../process-messages';
import { membersOf, signal } from '../processes';
import { send } from './channel';
import { hideGiven } from './display/hide-given';
import { giveReasonBy, showPathsInPrintedErrors } from './errors/errors';
import { installStackTraces, withShownPaths } from './errors/stack';
import { forgetRejection, reportUncaught } from './errors/uncaught';
import * as asyncHooks from './interrupt/async-hooks';
import { installPoll } from './interrupt/cancellation';
import { watchForInterrupts } from './interrupt/interrupt';
import { installJupyter } from './jupyter';
import { useLibrary } from './modules/library';
import { Modules } from './modules/modules';
import { completeLibrary } from './modules/newer-library';
import { watchChildren } from './node/children';
import { showColours } from './node/colours';
import { groupByCell } from './node/groups';
import { failTest, reportTests } from './node/node-tests';
import { installStdin, refuseStdin } from './node/stdin';
import { captureStreams } from './node/streams';
import { keepParentsInNode } from './parent/keep-parent-node';
import { nameOfCells, Runner } from './run';
import { CellServer } from './serve';
import { watchThreads } from './threads/threads';

const folder = process.cwd();
const [library] = process.argv.splice(2);
if (library !== undefined) useLibrary(JSON.parse(library) as LibraryBuild);
// First, so that its timer does not belong to a cell.
const keepReady = releaseMemoryWhenIdle();
const modules = new Modules(nameOfCells(folder));
giveReasonBy(() => modules.change());
const runner = new Runner(folder, modules);
captureStreams();
groupByCell();
installStdin();
refuseStdin();
watchThreads(modules);
keepParentsInNode();
completeLibrary();
installStackTraces();
showPathsInPrintedErrors();
// Before Node's own listener prints it.
process.prependListener('warning', (warning) => {
  warning.message = withShownPaths(warning.message);
});
const interrupts = watchForInterrupts((parentId) => {
  server.interrupt(parentId);
  asyncHooks.resume();
});
installPoll(interrupts.pending);
hideGiven();
asyncHooks.follow();
reportTests();
watchChildren(interrupts.noteChild);
showColours();
const server = new CellServer(runner, installJupyter(), interrupts);

process.on('message', (message: ToCells) => {
  keepReady();
  server.receive(message);
});
// Without the host, output cannot be seen.
process.on('disconnect', () => {
  signal(membersOf(process.pid), 'SIGTERM');
  process.exit();
});
/** Whether a cell has a listener too; as in Node, it then handles the error itself. */
const isHeard = (event: 'unhandledRejection' | 'uncaughtException') => process.listenerCount(event) > 1;

process.on('unhandledRejection', (thrown, promise) => {
  if (failTest('unhandledRejection', thrown, promise)) return;
  if (!isHeard('unhandledRejection')) reportUncaught(thrown, promise);
});
process.on('rejectionHandled', forgetRejection);
process.on('uncaughtException', (thrown, origin) => {
  if (failTest('uncaughtException', thrown, origin)) return;
  if (!isHeard('uncaughtException')) reportUncaught(thrown);
});
send({ type: 'ready' });
