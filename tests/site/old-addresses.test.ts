// Addresses of earlier versions redirect.
import { expect, test } from 'vitest';
import { cellOfOldId } from '../../page/outputs/links';

test('the id of a cell with the number of its notebook redirects to the cell that has the name now', () => {
  const ids = ['002-heavy-ball-s1-title', '002-heavy-ball-title', '002-heavy-ball-subtitle'];
  const content = { widgets: ids.map((id) => ({ model: { id } })) };
  const found = (id?: string) => cellOfOldId(content, id)?.model.id;
  expect(found('002-04-title')).toBe('002-heavy-ball-title');
  expect(found('002-04-s1-title')).toBe('002-heavy-ball-s1-title');
  expect([found('002-04-gone'), found('title'), found(undefined)]).toEqual([undefined, undefined, undefined]);
});
