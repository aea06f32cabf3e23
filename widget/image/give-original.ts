// What becomes of an image that is not re-encoded: sent as it is, without its metadata, or not at all.
import { type Bytes, readBytes } from './bytes.js';
import { containsText } from './contains-text.js';
import { carriesMetadata } from './formats/isobmff-metadata.js';
import { ImageError } from './image-error.js';
import type { ImageFacts, ImageKind } from './image-facts.js';
import { hasGps } from './metadata/gps.js';
import { sniffImage } from './sniff.js';
import { stripGif } from './strip-blocks.js';
import { stripHeif } from './strip-boxes.js';
import { stripJxl } from './strip-jxl.js';
import { type Remains, stripPng, stripWebp } from './strip-chunks.js';
import { stripJpeg } from './strip-segments.js';
import type { ImageWishes, TransformPlan } from './transform-plan.js';

/** An image as it is sent. */
export interface TransformedImage {
  /** The original blob when nothing was changed. */
  readonly blob: Blob;
  /** Pixels as shown; null when unknown. */
  readonly width: number | null;
  readonly height: number | null;
  /** MIME type. */
  readonly type: string;
  readonly changed: boolean;
}

/** Holds the header of nearly every file; there may be megabytes of metadata before what matters. */
const HEAD_BYTES = 256 * 1024;
const LONG_HEAD_BYTES = 16 * 1024 * 1024;

/** @returns Undefined when the blob is no image that we know. */
export async function readFacts(blob: Blob, { metadata }: ImageWishes): Promise<ImageFacts | undefined> {
  try {
    const head = sniffImage(await readBytes(blob, HEAD_BYTES));
    const isCut = head !== undefined && blob.size > HEAD_BYTES && mayGoOn(head);
    const facts = isCut ? sniffImage(await readBytes(blob, LONG_HEAD_BYTES)) : head;
    if (metadata === 'keep' || (facts?.kind !== 'heic' && facts?.kind !== 'avif')) return facts;
    return { ...facts, hasMetadata: await mayCarryMetadata(blob) };
  } catch {
    // A file that cannot be read cannot be sent either; whoever sends it will say so.
    return undefined;
  }
}

/** Whether its size is not reached yet, or that it moves may be the careful answer only. */
function mayGoOn({ kind, width, isAnimated }: ImageFacts): boolean {
  return kind === 'jpeg' ? width === null : (kind === 'png' || kind === 'gif') && isAnimated;
}

/** @throws {ImageError} `metadata-not-removed` when nothing of the original may be sent. */
export async function giveOriginal(
  blob: Blob,
  plan: TransformPlan,
  cause?: unknown,
): Promise<TransformedImage> {
  const { width = null, height = null } = plan.size ?? {};
  const untouched = { blob, width, height, type: blob.type, changed: false };
  if (plan.original === 'as-it-is') return untouched;
  const stripped = plan.original === 'nothing' ? undefined : await stripMetadata(blob);
  if (!stripped) {
    throw new ImageError('metadata-not-removed', 'The metadata of the image could not be removed.', cause);
  }
  return stripped === blob ? untouched : { ...untouched, blob: stripped, changed: true };
}

/** @returns The blob itself when there was nothing to remove; undefined when something stays in it. */
async function stripMetadata(blob: Blob): Promise<Blob | undefined> {
  try {
    const bytes = await readBytes(blob);
    const kind = sniffImage(bytes.subarray(0, HEAD_BYTES))?.kind;
    const parts = kind && STRIPPERS[kind]?.(bytes);
    if (!parts) return kind && !containsText(bytes, MARKS) && !hasGps(bytes) ? blob : undefined;
    // The promise is kept by looking, too: a position may be where nobody thought of it.
    if (parts.some((part) => hasGps(part))) return undefined;
    return isAll(parts, bytes) ? blob : new Blob([...parts], { type: blob.type });
  } catch {
    // Too large for memory: it could be sent, but nobody knows what is inside.
    return undefined;
  }
}

/** Whether the parts are the bytes; what is blanked in its place leaves as many. */
function isAll(parts: readonly Uint8Array[], bytes: Bytes): boolean {
  if (parts.reduce((sum, { length }) => sum + length, 0) !== bytes.length) return false;
  let at = 0;
  return parts.every((part) => {
    const start = at;
    at += part.length;
    const isView = part.buffer === bytes.buffer && part.byteOffset === bytes.byteOffset + start;
    return isView || part.every((byte, index) => byte === bytes[start + index]);
  });
}

/** Of metadata. Damaged bytes without any of these have nothing to lose. */
const MARKS = [
  'Exif',
  'eXIf',
  'EXIF',
  'tEXt',
  'zTXt',
  'iTXt',
  'ns.adobe.com',
  'xmpmeta',
  'XMP ',
  'Photoshop',
];

const STRIPPERS: Readonly<Partial<Record<ImageKind, (bytes: Bytes) => Remains>>> = {
  jpeg: stripJpeg,
  png: stripPng,
  gif: stripGif,
  avif: stripHeif,
  heic: stripHeif,
  webp: stripWebp,
  jxl: stripJxl,
};

/** True also when it cannot be read as a whole. */
async function mayCarryMetadata(blob: Blob): Promise<boolean> {
  try {
    return carriesMetadata(new DataView(await blob.arrayBuffer()));
  } catch {
    return true;
  }
}
