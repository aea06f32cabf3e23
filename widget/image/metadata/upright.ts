// Metadata for a picture that was turned upright and scaled: says so, and speaks of no thumbnail that would now be wrong. Pure.
import { type Bytes, viewOf } from '../bytes.js';
import { locateThumbnail } from './thumbnail.js';
import {
  type Directory,
  isLittleEndian,
  LONG,
  readDirectory,
  readFirstDirectory,
  readNumber,
  SHORT,
} from './tiff-directory.js';
import { dropElement, setProperty } from './xmp.js';

/** The picture as it is now. */
export interface NewPicture {
  readonly width: number;
  readonly height: number;
  readonly isSrgb: boolean;
}

const [WIDTH, HEIGHT, ORIENTATION, EXIF_DIRECTORY] = [0x0100, 0x0101, 0x0112, 0x8769];
const [COLOUR_SPACE, PIXEL_WIDTH, PIXEL_HEIGHT] = [0xa001, 0xa002, 0xa003];
const [SRGB, UNCALIBRATED] = [1, 0xffff];

/** @returns The same EXIF, every offset in its place: notes of the maker count from them. */
export function makeExifUpright(exif: Bytes, picture: NewPicture): Bytes {
  const upright = exif.slice();
  const tiff = viewOf(upright);
  const first = readFirstDirectory(tiff);
  if (!first) return upright;
  const details = readNumber(tiff, first, EXIF_DIRECTORY);
  const colours = picture.isSrgb ? SRGB : UNCALIBRATED;
  setNumbers(tiff, first, [
    [ORIENTATION, 1],
    [WIDTH, picture.width],
    [HEIGHT, picture.height],
  ]);
  setNumbers(tiff, details === undefined ? undefined : readDirectory(tiff, details), [
    [PIXEL_WIDTH, picture.width],
    [PIXEL_HEIGHT, picture.height],
    [COLOUR_SPACE, colours],
  ]);
  return dropThumbnail(upright, first);
}

/** @param xmp - The packet's text. */
export function makeXmpUpright(xmp: string, { width, height }: NewPicture): string {
  const numbers: readonly (readonly [string, number])[] = [
    ['tiff:Orientation', 1],
    ['tiff:ImageWidth', width],
    ['tiff:ImageLength', height],
    ['exif:PixelXDimension', width],
    ['exif:PixelYDimension', height],
    // The film behind a moving photo is not there any more.
    ['GCamera:MotionPhoto', 0],
    ['GCamera:MicroVideo', 0],
  ];
  const upright = numbers.reduce((text, [name, value]) => setProperty(text, name, value), xmp);
  return dropElement(dropElement(upright, 'xmp:Thumbnails'), 'xap:Thumbnails');
}

function setNumbers(
  tiff: DataView,
  directory: Directory | undefined,
  numbers: readonly (readonly [number, number])[],
): void {
  const isLittle = isLittleEndian(tiff);
  for (const [wanted, value] of numbers) {
    const entry = directory?.entries.find(({ tag }) => tag === wanted);
    if (entry?.count !== 1) continue;
    if (entry.type === SHORT && value <= 0xffff) tiff.setUint16(entry.valueAt, value, isLittle);
    if (entry.type === LONG) tiff.setUint32(entry.valueAt, value, isLittle);
  }
}

/** Blanks the thumbnail and what speaks of it, and cuts off what is blank at the end. */
function dropThumbnail(exif: Bytes, first: Directory): Bytes {
  const tiff = viewOf(exif);
  const thumbnail = locateThumbnail(tiff);
  if (first.linkAt !== undefined) tiff.setUint32(first.linkAt, 0);
  if (!thumbnail) return exif;
  const { start, end, directory } = thumbnail;
  // A liar's offsets may point at the tags themselves.
  if (start < first.end || directory.start < first.end) return exif;
  exif.fill(0, directory.start, directory.end);
  exif.fill(0, start, end);
  return end === exif.length ? exif.subarray(0, start) : exif;
}
