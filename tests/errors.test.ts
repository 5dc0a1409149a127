import { expect, test } from 'vitest';
import * as errors from '../src/errors';

test('every error is a GradlabError and an Error, and its name is that of its class', () => {
  const kinds = Object.entries(errors);
  expect(kinds.length).toBeGreaterThanOrEqual(10);
  for (const [name, Kind] of kinds) {
    const cause = new RangeError('why');
    const error = new Kind('what', { cause });
    expect(error).toBeInstanceOf(errors.GradlabError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.message).toBe('what');
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe(`${name}: what`);
  }
});
