import { expect, test } from 'vitest';
import { keptView } from './keptview';

test.each([
  [null, { participant: null, share: 50 }],
  ['nonsense', { participant: null, share: 50 }],
  [
    { participant: 'p_1', share: 70 },
    { participant: 'p_1', share: 70 },
  ],
  [
    { participant: 7, share: 500 },
    { participant: null, share: 75 },
  ],
  [
    { participant: 'p_1', share: -3 },
    { participant: 'p_1', share: 30 },
  ],
  [{ share: Number.NaN }, { participant: null, share: 50 }],
])('what was kept: %j', (kept, want) => {
  expect(keptView(kept)).toEqual(want);
});
