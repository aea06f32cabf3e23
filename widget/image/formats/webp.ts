// WebP: the first chunk says everything, in three dialects.
// https://developers.google.com/speed/webp/docs/riff_container
import type { ColourProfile, ImageFacts } from '../image-facts.js';
import { readIcc } from './colour.js';
import { readText } from './read-text.js';

const HEADER_BYTES = 30;

export function readWebp(bytes: DataView): ImageFacts | undefined {
  if (readText(bytes, 0, 4) !== 'RIFF' || readText(bytes, 8, 4) !== 'WEBP') return undefined;
  const plain = {
    kind: 'webp',
    orientation: 1,
    isAnimated: false,
    hasMetadata: false,
    profile: 'none',
    bitDepth: 8,
    isCmyk: false,
  } as const;
  if (bytes.byteLength < HEADER_BYTES) return { ...plain, width: null, height: null, hasAlpha: true };
  switch (readText(bytes, 12, 4)) {
    case 'VP8X': {
      const flags = bytes.getUint8(20);
      return {
        ...plain,
        width: 1 + readUint24(bytes, 24),
        height: 1 + readUint24(bytes, 27),
        hasAlpha: (flags & 0x10) !== 0,
        isAnimated: (flags & 0x02) !== 0,
        hasMetadata: (flags & 0x0c) !== 0,
        profile: (flags & 0x20) === 0 ? 'none' : readProfile(bytes),
      };
    }
    case 'VP8L': {
      const bits = bytes.getUint32(21, true);
      const height = 1 + ((bits >> 14) & 0x3fff);
      return { ...plain, width: 1 + (bits & 0x3fff), height, hasAlpha: (bits & 0x10000000) !== 0 };
    }
    case 'VP8 ': {
      const width = bytes.getUint16(26, true) & 0x3fff;
      return { ...plain, width, height: bytes.getUint16(28, true) & 0x3fff, hasAlpha: false };
    }
    default:
      return { ...plain, width: null, height: null, hasAlpha: true };
  }
}

/** The profile's chunk comes right after the header. */
function readProfile(bytes: DataView): ColourProfile {
  const start = HEADER_BYTES + 8;
  if (readText(bytes, HEADER_BYTES, 4) !== 'ICCP' || bytes.byteLength < start) return 'other';
  const end = Math.min(start + bytes.getUint32(HEADER_BYTES + 4, true), bytes.byteLength);
  return readIcc(new DataView(bytes.buffer, bytes.byteOffset + start, end - start));
}

function readUint24(bytes: DataView, offset: number): number {
  return bytes.getUint16(offset, true) + bytes.getUint8(offset + 2) * 0x10000;
}
