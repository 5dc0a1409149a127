// The process in which cells run. It takes what the host has compiled, runs it on the main thread, and reports.
import { tidyWhenIdle } from '../idle-memory';
import type { LibraryBuild } from '../library-build';
import type { ToCells } from '../process-messages';
import { membersOf, signal } from '../processes';
import * as asyncBooks from './async-books';
import { installTurn } from './cancellation';
import { send } from './channel';
import { watchChildren } from './children';
import { showColours } from './colours';
import { giveReasonBy, showPathsInPrintedErrors } from './errors';
import { groupByCell } from './groups';
import { hideGiven } from './hide-given';
import { watchForInterrupts } from './interrupt';
import { installJupyter } from './jupyter';
import { keepParentsInNode } from './keep-parent-node';
import { useLibrary } from './library';
import { Modules } from './modules';
import { completeLibrary } from './newer-library';
import { reportTests } from './node-tests';
import { nameOfCells, Runner } from './run';
import { CellServer } from './serve';
import { installStackTraces, withShownPaths } from './stack';
import { installStdin, refuseStdin } from './stdin';
import { captureStreams } from './streams';
import { watchThreads } from './threads';
import { forgetRejection, reportUncaught } from './uncaught';

const folder = process.cwd();
const [library] = process.argv.splice(2);
if (library !== undefined) useLibrary(JSON.parse(library) as LibraryBuild);
// First: its timer is none of a cell's.
const keepReady = tidyWhenIdle();
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
  asyncBooks.begin();
});
installTurn(interrupts.raised);
hideGiven();
asyncBooks.followHooks();
reportTests();
watchChildren(interrupts.noteChild);
showColours();
const server = new CellServer(runner, installJupyter(), interrupts);

process.on('message', (message: ToCells) => {
  keepReady();
  server.receive(message);
});
// Without the host nobody can see what runs here.
process.on('disconnect', () => {
  signal(membersOf(process.pid), 'SIGTERM');
  process.exit();
});
/** Whether a cell listens as well: then it deals with the error itself, as in Node. */
const isHeard = (event: 'unhandledRejection' | 'uncaughtException') => process.listenerCount(event) > 1;

process.on('unhandledRejection', (thrown, promise) => {
  if (!isHeard('unhandledRejection')) reportUncaught(thrown, promise);
});
process.on('rejectionHandled', forgetRejection);
process.on('uncaughtException', (thrown) => {
  if (!isHeard('uncaughtException')) reportUncaught(thrown);
});
send({ type: 'ready' });
