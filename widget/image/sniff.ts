// Tells from a file's first bytes whether it is an image, which kind, how large, and what care it needs. Pure; never throws.
import { readBmp } from './formats/bmp.js';
import { readGif } from './formats/gif.js';
import { readIsobmff } from './formats/isobmff.js';
import { readJpeg } from './formats/jpeg.js';
import { readJxl } from './formats/jxl.js';
import { readPng } from './formats/png.js';
import { readTiff } from './formats/tiff.js';
import { readWebp } from './formats/webp.js';
import type { HeaderReader, ImageFacts } from './image-facts.js';

const READERS: readonly HeaderReader[] = [
  readJpeg,
  readPng,
  readGif,
  readWebp,
  readIsobmff,
  readTiff,
  readJxl,
  readBmp,
];

/** @returns Undefined when the bytes are no image that we know. */
export function sniffImage(bytes: Uint8Array): ImageFacts | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of READERS) {
    const facts = read(view);
    if (facts) return facts;
  }
  return undefined;
}
