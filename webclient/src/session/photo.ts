// Where a photograph was taken is no business of a consultation: it is taken out before anything leaves the phone. Everything else of the
// file stays as it is, byte for byte, and so does its length.

const LOCATION_TAG = 0x8825; // Exif 2.32 §4.6.3: where the GPS directory is
/** Bytes of the beginning that are searched. Exif stands in the first segment of a JPEG (at most 64 KiB), and near the start of a HEIC. */
export const SEARCHED = 512 * 1024;

/** Bytes of each TIFF type, by number (TIFF 6.0 §2). */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Overwrites where a photograph was taken, in place, in the beginning of a file. True: there was something to remove. */
export function removeLocation(head: Uint8Array): boolean {
  let removed = false;
  for (let at = 0; at + 14 < head.length; at++) {
    // "Exif", two zeroes, then a TIFF header; a HEIC has the same block, found by its signature.
    if (head[at] === 0x45 && head[at + 1] === 0x78 && head[at + 2] === 0x69 && head[at + 3] === 0x66) {
      if (head[at + 4] === 0 && head[at + 5] === 0) {
        removed = wipe(head.subarray(at + 6)) || removed;
      }
    }
  }
  return removed;
}

function wipe(tiff: Uint8Array): boolean {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49 && tiff[1] === 0x49;
  if (!little && !(tiff[0] === 0x4d && tiff[1] === 0x4d)) {
    return false;
  }
  try {
    let removed = false;
    const first = view.getUint32(4, little);
    for (let i = 0; i < view.getUint16(first, little); i++) {
      const entry = first + 2 + 12 * i;
      if (view.getUint16(entry, little) === LOCATION_TAG) {
        removed = wipeDirectory(tiff, view, view.getUint32(entry + 8, little), little) || removed;
      }
    }
    return removed;
  } catch {
    return false; // not what it says it is: the server looks at the kind again
  }
}

/** Zeroes the values of a directory and then its entries; what is left is an empty directory. */
function wipeDirectory(tiff: Uint8Array, view: DataView, at: number, little: boolean): boolean {
  const count = view.getUint16(at, little);
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i;
    const bytes = (sizes[view.getUint16(entry + 2, little)] ?? 1) * view.getUint32(entry + 4, little);
    if (bytes > 4) {
      const value = view.getUint32(entry + 8, little);
      tiff.fill(0, value, Math.min(value + bytes, tiff.length));
    }
  }
  tiff.fill(0, at, Math.min(at + 2 + 12 * count, tiff.length));
  return count > 0;
}

/** The file without the place where it was taken; the same file when there is none. */
export async function withoutLocation(file: Blob): Promise<{ readonly file: Blob; readonly removed: boolean }> {
  const head = new Uint8Array(await file.slice(0, SEARCHED).arrayBuffer());
  const isPhoto = (head[0] === 0xff && head[1] === 0xd8) || (head[4] === 0x66 && head[5] === 0x74 && head[6] === 0x79);
  if (!isPhoto || !removeLocation(head)) {
    return { file, removed: false };
  }
  return { file: new Blob([head, file.slice(SEARCHED)], { type: file.type }), removed: true };
}
