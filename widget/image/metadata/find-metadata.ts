// Where EXIF, XMP and IPTC lie in an image. Pure; finds what the bytes hold, also when they are cut off; never throws.
// https://developer.adobe.com/xmp/docs/XMPSpecifications/ (part 3)
import { type Bytes, joinBytes, viewOf } from '../bytes.js';
import { findMeta, locateItem, readItems } from '../formats/heif-items.js';
import { type Segment, walkSegments } from '../formats/jpeg.js';
import { readText } from '../formats/read-text.js';
import { sniffImage } from '../sniff.js';
import { IPTC, readResources } from './photoshop-resources.js';

/** Parts of the bytes that were searched, unless it says otherwise. */
export interface Metadata {
  /** TIFF, from the byte order mark on. */
  readonly exif?: Bytes;
  /** The packet, most often UTF-8. */
  readonly xmp?: Bytes;
  /** Datasets; joined when they came in pieces. */
  readonly iptc?: Bytes;
}

export const EXIF_MARK = 'Exif\0\0';
export const XMP_MARK = 'http://ns.adobe.com/xap/1.0/\0';
export const PHOTOSHOP_MARK = 'Photoshop 3.0\0';
export const PNG_XMP_KEYWORD = 'XML:com.adobe.xmp';
const XMP_TYPE = 'application/rdf+xml';

export function findMetadata(bytes: Bytes): Metadata {
  switch (sniffImage(bytes)?.kind) {
    case 'jpeg':
      return findInJpeg(bytes);
    case 'png':
      return findInPng(bytes);
    case 'webp':
      return findInWebp(bytes);
    case 'avif':
    case 'heic':
      return findInHeif(bytes);
    case 'tiff':
      return { exif: bytes };
    default:
      return {};
  }
}

/** The payloads of a JPEG's segments of one sort, without the mark in front. */
export function findPayloads(bytes: Bytes, marker: number, mark: string): readonly Bytes[] {
  const view = viewOf(bytes);
  const isWanted = (segment: Segment) =>
    segment.marker === marker && readText(view, segment.start, mark.length) === mark;
  return [...walkSegments(view)]
    .filter(isWanted)
    .map(({ start, end }) => bytes.subarray(start + mark.length, Math.max(end, start + mark.length)));
}

function findInJpeg(bytes: Bytes): Metadata {
  const [exif] = findPayloads(bytes, 0xe1, EXIF_MARK);
  const [xmp] = findPayloads(bytes, 0xe1, XMP_MARK);
  const resources = readResources(joinBytes(findPayloads(bytes, 0xed, PHOTOSHOP_MARK)));
  const iptc = resources.find(({ id }) => id === IPTC)?.data;
  return { ...(exif && { exif }), ...(xmp && { xmp }), ...(iptc && { iptc }) };
}

function findInPng(bytes: Bytes): Metadata {
  const view = viewOf(bytes);
  let found: Metadata = {};
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = readText(view, at + 4, 4);
    const data = bytes.subarray(at + 8, at + 8 + view.getUint32(at));
    if (name === 'eXIf') found = { ...found, exif: data };
    const xmp = name === 'iTXt' ? readXmpText(data) : undefined;
    if (xmp) found = { ...found, xmp };
  }
  return found;
}

/** Keyword, zero, two flags of compression, language, zero, the keyword translated, zero, text. */
function readXmpText(data: Bytes): Bytes | undefined {
  const flagAt = PNG_XMP_KEYWORD.length + 1;
  if (readText(viewOf(data), 0, flagAt) !== `${PNG_XMP_KEYWORD}\0` || data[flagAt] !== 0) return undefined;
  const language = data.indexOf(0, flagAt + 2);
  const keyword = language < 0 ? -1 : data.indexOf(0, language + 1);
  return keyword < 0 ? undefined : data.subarray(keyword + 1);
}

function findInWebp(bytes: Bytes): Metadata {
  const view = viewOf(bytes);
  let found: Metadata = {};
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = readText(view, at, 4);
    const length = view.getUint32(at + 4, true);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'EXIF') found = { ...found, exif: dropMark(data) };
    if (name === 'XMP ') found = { ...found, xmp: data };
    at += 8 + length + (length % 2);
  }
  return found;
}

/** Some writers of WebP put JPEG's mark in front. */
function dropMark(exif: Bytes): Bytes {
  return readText(viewOf(exif), 0, 4) === 'Exif' ? exif.subarray(EXIF_MARK.length) : exif;
}

function findInHeif(bytes: Bytes): Metadata {
  const view = viewOf(bytes);
  const meta = findMeta(view);
  if (!meta) return {};
  const items = readItems(view, meta);
  const read = (id: number | undefined) => {
    const extent = id === undefined ? undefined : locateItem(view, meta, id);
    return extent && bytes.subarray(extent.start, extent.end);
  };
  const exif = read(items.find(({ type }) => type === 'Exif')?.id);
  const xmp = read(items.find(({ contentType }) => contentType === XMP_TYPE)?.id);
  // EXIF is led by the number of bytes to skip.
  const skipped = exif && exif.length >= 4 ? exif.subarray(4 + viewOf(exif).getUint32(0)) : undefined;
  return { ...(skipped && { exif: skipped }), ...(xmp && { xmp }) };
}
