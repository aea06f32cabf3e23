// What a picture shows, as its file says: the alternative text of IPTC, or a caption. Pure.
// https://www.iptc.org/std/photometadata/specification/IPTC-PhotoMetadata#alt-text-accessibility
import { type Bytes, decodeText, viewOf } from '../bytes.js';
import { findMetadata, type Metadata } from './find-metadata.js';
import { readDataset } from './photoshop-resources.js';
import { readFirstDirectory } from './tiff-directory.js';
import { decodeXmp, readProperty } from './xmp.js';

const MAX_CHARACTERS = 1000;
const IMAGE_DESCRIPTION = 0x010e;
/** What cameras write into every picture, and names of files. */
const BOILERPLATE = [
  /^(?:samsung|olympus|minolta|konica minolta|kodak|sony|pentax|fujifilm|nikon|canon|casio|ricoh|panasonic)?\s*(?:digital (?:still )?camera|camera pictures|dsc|dcim|default|untitled)$/i,
  /^exif[_ ]jpeg[_ ](?:picture|t\d+)$/i,
  // Modes of Huawei's cameras.
  /^(?:cof|dav|mde|sdr|hdr|edf|ptr|btf|fbt|tbt|rbt|bty|nor|oznor\w*|hdrpl|rhdr|jpg|mfnr|qrf|dig|vlc)$/,
  /^\S+\.(?:jpe?g|png|heic|heif|tiff?|webp|dng|cr2|nef|arw)$/i,
  /^(?:dsc|dscn|dscf|img|imgp|pict|p)[_-]?\d+$/i,
  /^(?:binary comment|charset=.*|image|photo|picture|screenshot|created with gimp)$/i,
];

/**
 * Reads a description for people who do not see the picture.
 * @returns Plain text of one line, at most 1 000 characters; undefined when there is none worth the name.
 */
export function readDescription(bytes: Bytes): string | undefined {
  for (const text of listTexts(findMetadata(bytes))) {
    const clean = tidy(text ?? '');
    if (clean !== '' && !BOILERPLATE.some((pattern) => pattern.test(clean))) return clean;
  }
  return undefined;
}

function* listTexts({ exif, xmp, iptc }: Metadata): Generator<string | undefined> {
  const packet = xmp && decodeXmp(xmp);
  if (packet) {
    yield readProperty(packet, 'AltTextAccessibility');
    yield readProperty(packet, 'description');
  }
  const caption = iptc && readDataset(iptc, 2, 120);
  if (caption) yield decodeText(caption);
  if (exif) yield readImageDescription(exif);
}

function readImageDescription(exif: Bytes): string | undefined {
  const directory = readFirstDirectory(viewOf(exif));
  const entry = directory?.entries.find(({ tag }) => tag === IMAGE_DESCRIPTION);
  if (!entry) return undefined;
  const text = decodeText(exif.subarray(entry.valueAt, entry.valueEnd));
  return text.split('\0')[0];
}

/** One line without control characters, direction marks and halves of characters. */
function tidy(text: string): string {
  const line = text
    .slice(0, 4 * MAX_CHARACTERS)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/\p{Cs}/gu, '')
    .replaceAll(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]/g, '')
    .trim();
  return Array.from(line).slice(0, MAX_CHARACTERS).join('').trim();
}
