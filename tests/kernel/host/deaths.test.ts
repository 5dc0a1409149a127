import { expect, test } from 'vitest';
import { reportDeath } from '../../../kernel-setup/kernel/host/deaths';

const v8 = `
<--- Last few GCs --->
[1:0x1]     1234 ms: Mark-Compact 2046.3 (2081.5) -> 2045.9 (2081.7) MB, 800.0 / 0.0 ms
<--- JS stacktrace --->
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
`;

test.each([
  [{ code: 3, signal: null, lastOutput: '' }, 'ProcessExit', /exit code 3, as by process\.exit\(3\), in Cell \[2\]/],
  [{ code: 134, signal: null, lastOutput: v8 }, 'OutOfMemory', /\(2046 MB\) ran out in Cell \[2\]/],
  [{ code: null, signal: 'SIGABRT', lastOutput: v8 }, 'OutOfMemory', /ran out/],
  [
    { code: null, signal: 'SIGABRT', lastOutput: '# Fatal error in v8::ToLocalChecked\n' },
    'ProcessAborted',
    /aborted \(# Fatal error in v8::ToLocalChecked\) in/,
  ],
  [{ code: null, signal: 'SIGKILL', lastOutput: '' }, 'ProcessKilled', /perhaps because it ran out of memory/],
  [{ code: null, signal: 'SIGSEGV', lastOutput: '' }, 'ProcessKilled', /signal SIGSEGV in Cell \[2\]/],
  [
    { code: null, signal: null, lastOutput: '', isWorker: true },
    'WorkerEnded',
    /^the worker in which cells run has ended, as by close\(\), or since memory ran out, in Cell \[2\]$/,
  ],
  [
    { code: null, signal: null, lastOutput: '', isWorker: true, unanswered: true },
    'KernelInterrupt',
    /so the worker was ended in Cell \[2\]$/,
  ],
  [
    { code: null, signal: 'SIGKILL', lastOutput: '', unanswered: true },
    'KernelInterrupt',
    /so the process was ended in Cell \[2\]$/,
  ],
])('%j', (death, ename, evalue) => {
  const report = reportDeath(death, 'in Cell [2]');
  expect(report.ename).toBe(ename);
  expect(report.evalue).toMatch(evalue);
  expect(report.traceback.join('\n')).toMatch(/variables of earlier cells are gone\./);
  const names = Array.from({ length: 14 }, (_, i) => `v${i}`);
  expect(reportDeath(death, 'in Cell [2]', names.slice(0, 2)).traceback.at(-1)).toMatch(/are gone: v0, v1\.$/);
  expect(reportDeath(death, 'in Cell [2]', names).traceback.at(-1)).toMatch(/ v10, v11 and 2 more\.$/);
});
