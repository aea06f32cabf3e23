// Makes the named chunks that PNG and WebP are made of. Pure.
import { type Bytes, viewOf } from './bytes.js';

export function makePngChunk(name: string, payload: Bytes): Bytes {
  const bytes = new Uint8Array(12 + payload.length);
  const view = viewOf(bytes);
  view.setUint32(0, payload.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(payload, 8);
  view.setUint32(8 + payload.length, crc32(bytes.subarray(4, 8 + payload.length)));
  return bytes;
}

/** Padded to an even length, which the chunk does not state. */
export function makeWebpChunk(name: string, payload: Bytes): Bytes {
  const bytes = new Uint8Array(8 + payload.length + (payload.length % 2));
  bytes.set(new TextEncoder().encode(name), 0);
  viewOf(bytes).setUint32(4, payload.length, true);
  bytes.set(payload, 8);
  return bytes;
}

/** https://www.w3.org/TR/png-3/#5CRC-algorithm */
function crc32(bytes: Bytes): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
