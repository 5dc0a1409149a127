import { expect, test } from 'vitest';
import { StudyError } from '../../src';
import * as page from '../../src/platform.browser';

test('in a page a journal and other programs are errors that say what to do instead', () => {
  expect(() => page.openGrowing('run.jsonl')).toThrow(StudyError);
  expect(() => page.openGrowing('run.jsonl')).toThrow(/leave the option journal out, the study is kept in memory/);
  expect(() => page.startProgram([], {}, { line: () => {}, end: () => {} })).toThrow(/trials then run in this page/);
  expect(() => page.optionalPackage('bullmq')).toThrow(StudyError);
});

test('there a study in memory has a name of its own, and its process counts as running', () => {
  expect(page.newName()).toMatch(/^[0-9a-f]{32}$/);
  expect(page.newName()).not.toBe(page.newName());
  expect(page.isRunning(page.thisProcess())).toBe(true);
});
