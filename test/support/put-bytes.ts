// Files put together byte by byte: the segments, chunks and boxes that images and films are made of.

/** Text counts a byte for each character. */
export type Part = string | readonly number[] | Uint8Array;

export function bytesOf(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const buffers = parts.map((part) =>
    typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
  );
  return Uint8Array.from(Buffer.concat(buffers));
}

/** The highest byte first. */
export function uint32(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

export function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0);
}

/** Of a JPEG; at most 253 bytes. */
export function segment(marker: number, data: Part): Uint8Array<ArrayBuffer> {
  return bytesOf([0xff, marker, 0, data.length + 2], data);
}

/** Of a PNG; nobody checks its sum. */
export function pngChunk(name: string, data: Part): Uint8Array<ArrayBuffer> {
  return bytesOf(uint32(data.length), name, data, 'crc!');
}

/** 4 × 3 pixels. */
export function png(...chunks: readonly Part[]): Uint8Array<ArrayBuffer> {
  const header = pngChunk('IHDR', [...uint32(4), ...uint32(3), 8, 2, 0, 0, 0]);
  return bytesOf([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], header, ...chunks);
}

/** Of a WebP. */
export function riffChunk(name: string, data: Part): Uint8Array<ArrayBuffer> {
  return bytesOf(name, uint32(data.length).toReversed(), data, data.length % 2 ? '\0' : '');
}

export function webp(...chunks: readonly Part[]): Uint8Array<ArrayBuffer> {
  const body = bytesOf('WEBP', ...chunks);
  return bytesOf('RIFF', uint32(body.length).toReversed(), body);
}

/** Of a HEIC, AVIF, MP4 and their like. */
export function box(type: string, ...content: readonly Part[]): Uint8Array<ArrayBuffer> {
  const data = bytesOf(...content);
  return bytesOf(uint32(data.length + 8), type, data);
}
