// Gives a picture that was encoded anew what its source said about itself: `metadata: keep`, through a resize. Pure.
import { type Bytes, joinBytes, viewOf } from '../bytes.js';
import { readText } from '../formats/read-text.js';
import type { ImageFacts } from '../image-facts.js';
import { sniffImage } from '../sniff.js';
import { stripPng, stripWebp } from '../strip-chunks.js';
import { stripJpeg } from '../strip-segments.js';
import { findMetadata, findPayloads, PHOTOSHOP_MARK, PNG_XMP_KEYWORD } from './find-metadata.js';
import { type Belongings, insertIntoJpeg, insertIntoPng, insertIntoWebp } from './insert-metadata.js';
import { readResources } from './photoshop-resources.js';
import { makeExifUpright, makeXmpUpright, type NewPicture } from './upright.js';
import { decodeXmp } from './xmp.js';

const EXTENSION_MARK = 'http://ns.adobe.com/xmp/extension/\0';
/** Thumbnails, profile, EXIF and XMP of Photoshop's own: wrong by now, or said elsewhere. */
const STALE_RESOURCES: ReadonlySet<number> = new Set([0x0409, 0x040c, 0x040f, 0x0422, 0x0423, 0x0424]);
const PLAIN_XMP = `iTXt${PNG_XMP_KEYWORD}\0\0`;
const PNG_TEXTS: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt', 'tIME']);

/**
 * Moves EXIF, XMP, IPTC, comments and texts from an image into one that was made from it, as far as the new format has a
 * place for them. They say the new size, and that it is upright; thumbnails are left out. The colours' profile is the
 * encoder's affair: the source's would be wrong.
 * @param original - JPEG, PNG, WebP, HEIC or AVIF.
 * @param encoded - JPEG, PNG or WebP, upright.
 * @returns `encoded` itself when there is nothing to keep; undefined when it cannot be done.
 */
export function keepMetadata(original: Bytes, encoded: Bytes): Bytes | undefined {
  const [from, to] = [sniffImage(original), sniffImage(encoded)];
  if (!from || !to || to.width === null || to.height === null || from.kind === 'tiff') return undefined;
  const isSrgb = to.profile === 'none' || to.profile === 'srgb';
  const picture = { width: to.width, height: to.height, isSrgb };
  const belongings = collect(original, picture, from.kind === to.kind ? from : undefined);
  return Object.keys(belongings).length === 0 ? encoded : insert(encoded, belongings, to);
}

/** @param same - Facts of the original when both are of one kind. */
function collect(original: Bytes, picture: NewPicture, same: ImageFacts | undefined): Belongings {
  const { exif, xmp } = findMetadata(original);
  const packet = xmp && decodeXmp(xmp);
  const resources = joinBytes(
    readResources(joinBytes(findPayloads(original, 0xed, PHOTOSHOP_MARK)))
      .filter(({ id }) => !STALE_RESOURCES.has(id))
      .map(({ bytes }) => bytes),
  );
  const own = same ? listOwn(original, same) : [];
  return {
    ...(exif && { exif: makeExifUpright(exif, picture) }),
    ...(packet !== undefined && { xmp: new TextEncoder().encode(makeXmpUpright(packet, picture)) }),
    ...(resources.length > 0 && { resources }),
    ...(own.length > 0 && { own }),
  };
}

function listOwn(original: Bytes, { kind }: ImageFacts): readonly Bytes[] {
  if (kind === 'jpeg')
    return [...listSegments(original, 0xe1, EXTENSION_MARK), ...listSegments(original, 0xfe)];
  return kind === 'png' ? listTexts(original) : [];
}

function listSegments(original: Bytes, marker: number, mark = ''): readonly Bytes[] {
  const headBytes = 4 + mark.length;
  return findPayloads(original, marker, mark).map((payload) => {
    const start = payload.byteOffset - original.byteOffset - headBytes;
    return original.subarray(start, start + headBytes + payload.length);
  });
}

/** But for XMP that is not packed, which is set right and put in anew. */
function listTexts(original: Bytes): readonly Bytes[] {
  const view = viewOf(original);
  const texts: Bytes[] = [];
  let at = 8;
  while (at + 12 <= original.length) {
    const end = at + 12 + view.getUint32(at);
    const isText = PNG_TEXTS.has(readText(view, at + 4, 4)) && end <= original.length;
    if (isText && readText(view, at + 4, PLAIN_XMP.length) !== PLAIN_XMP)
      texts.push(original.subarray(at, end));
    at = end;
  }
  return texts;
}

function insert(encoded: Bytes, belongings: Belongings, facts: ImageFacts): Bytes | undefined {
  switch (facts.kind) {
    case 'jpeg': {
      const plain = stripJpeg(encoded);
      return plain && insertIntoJpeg(joinBytes(plain), belongings);
    }
    case 'png': {
      const plain = stripPng(encoded);
      return plain && insertIntoPng(joinBytes(plain), belongings);
    }
    case 'webp': {
      const plain = stripWebp(encoded);
      return plain && insertIntoWebp(joinBytes(plain), belongings, facts);
    }
    case 'gif':
    case 'avif':
    case 'heic':
    case 'tiff':
    case 'jxl':
    case 'bmp':
      return undefined;
    default:
      return facts.kind satisfies never;
  }
}
