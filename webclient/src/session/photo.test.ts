import { describe, expect, test } from 'vitest';
import { removeLocation, withoutLocation } from './photo';

/** A JPEG's beginning with a GPS directory of one value of 24 bytes, in either byte order. */
function photo(little: boolean): Uint8Array {
  const bytes = new Uint8Array(400).fill(0xaa);
  bytes.set([0xff, 0xd8, 0xff, 0xe1, 0, 200, 0x45, 0x78, 0x69, 0x66, 0, 0]);
  const view = new DataView(bytes.buffer, 12);
  bytes.set(little ? [0x49, 0x49] : [0x4d, 0x4d], 12);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 2, little); // two entries
  view.setUint16(10, 0x0112, little); // orientation: stays
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint32(18, 6, little);
  view.setUint16(22, 0x8825, little);
  view.setUint16(24, 4, little);
  view.setUint32(26, 1, little);
  view.setUint32(30, 60, little);
  view.setUint16(60, 1, little); // the GPS directory
  view.setUint16(62, 2, little); // latitude
  view.setUint16(64, 5, little);
  view.setUint32(66, 3, little);
  view.setUint32(70, 100, little);
  for (let i = 0; i < 24; i++) {
    bytes[112 + i] = 0x77;
  }
  return bytes;
}

describe('where a photograph was taken', () => {
  test.each([true, false])('is removed, and nothing else: little-endian %s', async little => {
    const before = photo(little);
    const { file, removed } = await withoutLocation(new Blob([before as BlobPart]));
    const after = new Uint8Array(await file.arrayBuffer());
    expect(removed).toBe(true);
    expect(after.length).toBe(before.length);
    expect(after.includes(0x77)).toBe(false);
    const changed = [...after.keys()].filter(i => after[i] !== before[i]);
    expect(changed.every(i => (i >= 72 && i < 86) || (i >= 112 && i < 136))).toBe(true);
    expect(removeLocation(after)).toBe(false);
  });

  test('a photograph without one stays the same file', async () => {
    const file = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3])]);
    expect(await withoutLocation(file)).toEqual({ file, removed: false });
  });

  test('what is cut off, or points nowhere, breaks nothing', () => {
    const whole = photo(true);
    for (let length = 0; length < whole.length; length++) {
      removeLocation(whole.slice(0, length));
    }
    for (let i = 12; i < 100; i++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bent = photo(false);
        bent[i] = value;
        expect(() => removeLocation(bent)).not.toThrow();
        expect(bent.length).toBe(whole.length);
      }
    }
  });
});
