// JPEG: walks the marker segments up to the picture itself.
// https://www.w3.org/Graphics/JPEG/itu-t81.pdf (annex B)
import type { ImageFacts, Orientation } from '../image-facts.js';
import { isCmykIcc, readIcc } from './colour.js';
import { readExifOrientation } from './exif.js';
import { readText } from './read-text.js';

const START_OF_SCAN = 0xda;
/** SOF0 and SOF1: rows come one after the other. */
const ROW_BY_ROW = [0xc0, 0xc1];
/** `ICC_PROFILE`, zero, number and count of the piece. */
const ICC_HEAD_BYTES = 14;
/** Markers without a length: RST0–7, SOI, EOI, TEM. */
const isBare = (marker: number) => (marker >= 0xd0 && marker <= 0xd9) || marker === 0x01;
/** SOF0–15 carry the size; C4, C8 and CC are tables. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

export interface Segment {
  readonly marker: number;
  /** Of the payload, after the length. */
  readonly start: number;
  readonly end: number;
}

export function readJpeg(bytes: DataView): ImageFacts | undefined {
  if (
    bytes.byteLength < 3 ||
    bytes.getUint8(0) !== 0xff ||
    bytes.getUint8(1) !== 0xd8 ||
    bytes.getUint8(2) !== 0xff
  ) {
    return undefined;
  }
  const segments = [...walkSegments(bytes)];
  const frame = segments.find(({ marker, start }) => isFrame(marker) && start + 6 <= bytes.byteLength);
  const height = frame ? bytes.getUint16(frame.start + 1) : 0;
  const width = frame ? bytes.getUint16(frame.start + 3) : 0;
  const isKnown = width > 0 && height > 0;
  const components = frame ? bytes.getUint8(frame.start + 5) : 0;
  const icc = findIcc(bytes, segments);
  return {
    kind: 'jpeg',
    width: isKnown ? width : null,
    height: isKnown ? height : null,
    orientation: findOrientation(bytes, segments),
    hasAlpha: false,
    isAnimated: false,
    hasMetadata: segments.some((segment) => isMetadata(bytes, segment)),
    profile: icc ? readIcc(icc) : 'none',
    bitDepth: frame ? bytes.getUint8(frame.start) : null,
    isCmyk: frame ? components === 4 : icc !== undefined && isCmykIcc(icc),
    isScalable: ROW_BY_ROW.includes(frame?.marker ?? 0) && countInScan(bytes, segments) === components,
  };
}

/** Components of the first scan; the others have scans of their own. */
function countInScan(bytes: DataView, segments: readonly Segment[]): number | undefined {
  const scan = segments.find(({ marker }) => marker === START_OF_SCAN);
  return scan && scan.start < bytes.byteLength ? bytes.getUint8(scan.start) : undefined;
}

/** Whether colours have half the pixels of brightness, across and down: 4:2:0, as most cameras write it. */
export function hasHalfColours(bytes: DataView): boolean {
  for (const { marker, start, end } of walkSegments(bytes)) {
    if (!isFrame(marker) || Math.min(end, bytes.byteLength) < start + 15) continue;
    // Number, sampling and table of each component.
    const samplings = [7, 10, 13].map((offset) => bytes.getUint8(start + offset));
    return bytes.getUint8(start + 5) === 3 && samplings.join() === [0x22, 0x11, 0x11].join();
  }
  return false;
}

/** Not so before padding, nor where there are bytes that decoders pass over. */
export function isMarker(bytes: DataView, at: number): boolean {
  const name = bytes.getUint8(at + 1);
  return bytes.getUint8(at) === 0xff && name !== 0 && name !== 0xff;
}

/** Segments up to and with the start of the scan, or as far as they make sense. */
export function* walkSegments(bytes: DataView): Generator<Segment> {
  let at = 2;
  while (at + 4 <= bytes.byteLength) {
    const marker = bytes.getUint8(at + 1);
    const start = at + 4;
    const end = at + 2 + Math.max(2, bytes.getUint16(at + 2));
    if (!isMarker(bytes, at)) at += 1;
    else if (isBare(marker)) at += 2;
    else {
      yield { marker, start, end };
      if (marker === START_OF_SCAN) return;
      at = end;
    }
  }
}

/** Every application segment but JFIF (APP0), colour profiles (APP2 ICC_PROFILE) and Adobe's colour transform (APP14). */
function isMetadata(bytes: DataView, { marker, start }: Segment): boolean {
  if (marker <= 0xe0 || marker > 0xef || marker === 0xee) return false;
  return marker !== 0xe2 || readText(bytes, start, 11) !== 'ICC_PROFILE';
}

function findOrientation(bytes: DataView, segments: readonly Segment[]): Orientation {
  const exif = segments.find(({ marker, start }) => marker === 0xe1 && readText(bytes, start, 4) === 'Exif');
  if (!exif) return 1;
  const end = Math.min(exif.end, bytes.byteLength);
  const start = Math.min(exif.start + 6, end);
  return readExifOrientation(new DataView(bytes.buffer, bytes.byteOffset + start, end - start));
}

/** What names a profile is in its first piece. */
function findIcc(bytes: DataView, segments: readonly Segment[]): DataView | undefined {
  const icc = segments.find(
    ({ marker, start }) => marker === 0xe2 && readText(bytes, start, 11) === 'ICC_PROFILE',
  );
  if (!icc) return undefined;
  const end = Math.min(icc.end, bytes.byteLength);
  const start = Math.min(icc.start + ICC_HEAD_BYTES, end);
  return new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
}
