import { expect, test } from 'vitest';
import { columnsFor } from './people';

test.each([
  [1, 1.6, 1],
  [2, 1.6, 2],
  [2, 0.5, 1],
  [3, 1.6, 2],
  [4, 1.6, 2],
  [4, 0.5, 1],
  [6, 2.2, 3],
])('%i pictures in a space of shape %d stand in %i columns', (count, shape, columns) => {
  expect(columnsFor(count, shape)).toBe(columns);
});
