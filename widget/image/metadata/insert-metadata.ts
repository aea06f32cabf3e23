// Puts EXIF, XMP and IPTC into a JPEG, PNG or WebP that has none. Pure.
// https://developer.adobe.com/xmp/docs/XMPSpecifications/ (part 3) and https://developers.google.com/speed/webp/docs/riff_container
import { type Bytes, joinBytes, viewOf } from '../bytes.js';
import { readText } from '../formats/read-text.js';
import type { ImageFacts } from '../image-facts.js';
import { makePngChunk, makeWebpChunk } from '../make-chunk.js';
import { EXIF_MARK, PHOTOSHOP_MARK, PNG_XMP_KEYWORD, XMP_MARK } from './find-metadata.js';

/** What is put in. */
export interface Belongings {
  readonly exif?: Bytes;
  readonly xmp?: Bytes;
  /** Segments and chunks that only the same format has a place for, whole. */
  readonly own?: readonly Bytes[];
  /** Photoshop's blocks, IPTC among them; JPEG only. */
  readonly resources?: Bytes;
}

/** A length of two bytes counts itself. */
const MAX_SEGMENT_BYTES = 0xffff - 2;
const PNG_HEAD_BYTES = 8;
const RIFF_HEAD_BYTES = 12;
const [ICC_FLAG, ALPHA_FLAG, EXIF_FLAG, XMP_FLAG] = [0x20, 0x10, 0x08, 0x04];

/** What does not fit stays behind. */
export function insertIntoJpeg(jpeg: Bytes, { exif, xmp, own = [], resources }: Belongings): Bytes {
  const segments = [
    ...(exif ? [makeSegment(0xe1, EXIF_MARK, exif)] : []),
    ...(xmp ? [makeSegment(0xe1, XMP_MARK, xmp)] : []),
    ...(resources ? cut(resources).map((piece) => makeSegment(0xed, PHOTOSHOP_MARK, piece)) : []),
    ...own,
  ];
  const view = viewOf(jpeg);
  // JFIF wants to be first.
  const isJfif = view.getUint16(2) === 0xffe0;
  const at = isJfif ? 4 + view.getUint16(4) : 2;
  const fitting = segments.flatMap((segment) => segment ?? []);
  return joinBytes([jpeg.subarray(0, at), ...fitting, jpeg.subarray(at)]);
}

export function insertIntoPng(png: Bytes, { exif, xmp, own = [] }: Belongings): Bytes {
  const at = PNG_HEAD_BYTES + 12 + viewOf(png).getUint32(PNG_HEAD_BYTES);
  const head = new TextEncoder().encode(`${PNG_XMP_KEYWORD}\0\0\0\0\0`);
  const chunks = [
    ...(exif ? [makePngChunk('eXIf', exif)] : []),
    ...(xmp ? [makePngChunk('iTXt', joinBytes([head, xmp]))] : []),
    ...own,
  ];
  return joinBytes([png.subarray(0, at), ...chunks, png.subarray(at)]);
}

/** @param facts - Of the WebP. */
export function insertIntoWebp(webp: Bytes, { exif, xmp }: Belongings, facts: ImageFacts): Bytes | undefined {
  const view = viewOf(webp);
  const isExtended = readText(view, RIFF_HEAD_BYTES, 4) === 'VP8X';
  if (facts.width === null || facts.height === null) return undefined;
  const header = isExtended ? webp.slice(RIFF_HEAD_BYTES, RIFF_HEAD_BYTES + 18) : makeHeader(facts);
  header[8] = (header[8] ?? 0) | (exif ? EXIF_FLAG : 0) | (xmp ? XMP_FLAG : 0);
  const rest = webp.subarray(RIFF_HEAD_BYTES + (isExtended ? header.length : 0));
  const body = [
    header,
    rest,
    ...(rest.length % 2 ? [new Uint8Array(1)] : []),
    ...(exif ? [makeWebpChunk('EXIF', exif)] : []),
    ...(xmp ? [makeWebpChunk('XMP ', xmp)] : []),
  ];
  const whole = joinBytes([webp.subarray(0, RIFF_HEAD_BYTES), ...body]);
  viewOf(whole).setUint32(4, whole.length - 8, true);
  return whole;
}

function makeHeader({ width, height, hasAlpha, profile }: ImageFacts): Bytes {
  const payload = new Uint8Array(10);
  const view = viewOf(payload);
  payload[0] = (hasAlpha ? ALPHA_FLAG : 0) | (profile === 'none' ? 0 : ICC_FLAG);
  // Three bytes each, of which the highest is zero: no WebP has sides of more than 16 384.
  view.setUint16(4, (width ?? 1) - 1, true);
  view.setUint16(7, (height ?? 1) - 1, true);
  return makeWebpChunk('VP8X', payload);
}

/** @returns Undefined when there is more than a segment has room for. */
function makeSegment(marker: number, mark: string, payload: Bytes): Bytes | undefined {
  const content = joinBytes([new TextEncoder().encode(mark), payload]);
  if (content.length > MAX_SEGMENT_BYTES) return undefined;
  const length = content.length + 2;
  return joinBytes([Uint8Array.of(0xff, marker, length >> 8, length & 0xff), content]);
}

function cut(bytes: Bytes): readonly Bytes[] {
  const pieceBytes = MAX_SEGMENT_BYTES - PHOTOSHOP_MARK.length;
  const pieces: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return pieces;
}
