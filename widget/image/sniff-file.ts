// Tells by a file's first bytes what it really is, whatever its name says: images, drawings, documents, films. Pure; never throws.
import { readMarkup } from './formats/markup.js';
import { readMovie } from './formats/movie.js';
import { type PixelSize, UNKNOWN_SIZE } from './formats/pixel-size.js';
import { readText } from './formats/read-text.js';
import { readWebm } from './formats/webm.js';
import type { ImageFacts, ImageKind } from './image-facts.js';
import { sniffImage } from './sniff.js';

export type FileKind = ImageKind | 'svg' | 'html' | 'pdf' | 'mp4' | 'mov' | 'webm' | 'mkv';

/** Of an image that the pipeline knows, all facts; of others kind and size, as shown. */
export type FileFacts = ImageFacts | ({ readonly kind: Exclude<FileKind, ImageKind> } & PixelSize);

type OtherReader = (bytes: DataView) => FileFacts | undefined;

/** Readers of PDF allow for some bytes in front. */
const PDF_WITHIN_BYTES = 1024;

const READERS: readonly OtherReader[] = [
  readMovie,
  readWebm,
  // Before PDF, which may be named inside a page.
  readMarkup,
  (bytes) =>
    readText(bytes, 0, PDF_WITHIN_BYTES).includes('%PDF-') ? { kind: 'pdf', ...UNKNOWN_SIZE } : undefined,
];

/** @returns Undefined when nothing tells what it is. */
export function sniffFile(bytes: Uint8Array): FileFacts | undefined {
  const image = sniffImage(bytes);
  if (image) return image;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of READERS) {
    const facts = read(view);
    if (facts) return facts;
  }
  return undefined;
}
