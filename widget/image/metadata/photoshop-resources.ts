// The blocks of Photoshop in a JPEG's APP13, one of which is IPTC, and the datasets of IPTC.
// https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/#50577409_38034 and
// https://www.iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf (1.6)
import { type Bytes, viewOf } from '../bytes.js';
import { readText } from '../formats/read-text.js';

export interface Resource {
  readonly id: number;
  /** With its head and padding. */
  readonly bytes: Bytes;
  readonly data: Bytes;
}

export const IPTC = 0x0404;
const DATASET_MARK = 0x1c;

/** @param bytes - What follows `Photoshop 3.0\0`. @returns As many as make sense. */
export function readResources(bytes: Bytes): readonly Resource[] {
  const view = viewOf(bytes);
  const resources: Resource[] = [];
  let at = 0;
  while (at + 12 <= bytes.length && readText(view, at, 4) === '8BIM') {
    // The name's length, the name, and padding to an even number.
    const sizeAt = at + 6 + 2 * Math.ceil((1 + view.getUint8(at + 6)) / 2);
    if (sizeAt + 4 > bytes.length) break;
    const start = sizeAt + 4;
    const end = start + view.getUint32(sizeAt);
    if (end > bytes.length) break;
    const next = Math.min(end + ((end - start) % 2), bytes.length);
    resources.push({
      id: view.getUint16(at + 4),
      bytes: bytes.subarray(at, next),
      data: bytes.subarray(start, end),
    });
    at = next;
  }
  return resources;
}

/** The first value of a dataset, such as 2:120, the caption. */
export function readDataset(iptc: Bytes, record: number, number: number): Bytes | undefined {
  const view = viewOf(iptc);
  let at = 0;
  while (at + 5 <= iptc.length && view.getUint8(at) === DATASET_MARK) {
    const length = view.getUint16(at + 3);
    // The highest bit means a length of its own length, which only pictures need.
    if (length >= 0x8000) return undefined;
    const end = at + 5 + length;
    if (view.getUint8(at + 1) === record && view.getUint8(at + 2) === number)
      return iptc.subarray(at + 5, end);
    at = end;
  }
  return undefined;
}
