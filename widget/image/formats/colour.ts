// Which colours are meant: by ICC profile, by a profile's name, or by the code points of ITU-T H.273.
// https://www.color.org/specification/ICC.1-2022-05.pdf (7.2, 7.3, 9.2.41) and https://www.itu.int/rec/T-REC-H.273
import type { ColourProfile } from '../image-facts.js';
import { readText } from './read-text.js';

const TAG_TABLE_AT = 128;
const TAG_BYTES = 12;
/** More tags than any real profile has. */
const MAX_TAGS = 100;
const NAME_BYTES = 128;

/** @param icc - A profile, or as much of it as there is. */
export function readIcc(icc: DataView): ColourProfile {
  if (readText(icc, 36, 4) !== 'acsp') return 'other';
  if (!/^(?:RGB |GRAY)$/.test(readText(icc, 16, 4))) return 'other';
  return nameProfile(readProfileName(icc));
}

export function isCmykIcc(icc: DataView): boolean {
  return readText(icc, 16, 4) === 'CMYK';
}

/** @param name - As a profile calls itself, such as `sRGB IEC61966-2.1`. */
export function nameProfile(name: string): ColourProfile {
  if (/display.?p3/i.test(name)) return 'display-p3';
  // `c2` and `uRGB` are sRGB in a few hundred bytes. https://github.com/saucecontrol/Compact-ICC-Profiles
  if (/linear|gamma/i.test(name)) return 'other';
  return /srgb/i.test(name) || /^(?:c2|uRGB)$/.test(name.trim()) ? 'srgb' : 'other';
}

/** @param primaries - Of `cICP` and `nclx`, as the transfer function. */
export function readCodePoints(primaries: number, transfer: number): ColourProfile {
  if (primaries === 2 && transfer === 2) return 'none';
  // 1, 6, 14 and 15 are the curve of television, which browsers show as that of sRGB, 13.
  const isPlain = [1, 2, 6, 13, 14, 15].includes(transfer);
  if (isPlain && primaries === 12) return 'display-p3';
  return isPlain && [1, 2].includes(primaries) ? 'srgb' : 'other';
}

function readProfileName(icc: DataView): string {
  const count = Math.min(icc.byteLength >= TAG_TABLE_AT + 4 ? icc.getUint32(TAG_TABLE_AT) : 0, MAX_TAGS);
  for (let index = 0; index < count; index += 1) {
    const entry = TAG_TABLE_AT + 4 + index * TAG_BYTES;
    if (entry + TAG_BYTES > icc.byteLength) return '';
    if (readText(icc, entry, 4) !== 'desc') continue;
    const text = readText(icc, icc.getUint32(entry + 4), NAME_BYTES);
    // Version 2 writes ASCII, version 4 UTF-16 in several languages: without its zeros it is the same.
    return text.slice(12).replaceAll(/[^ -~]/g, '');
  }
  return '';
}
