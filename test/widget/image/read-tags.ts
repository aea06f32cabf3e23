// A reader of metadata that is not ours.
import { createRequire } from 'node:module';
import type ExifReader from 'exifreader';
import type { Bytes } from '../../../widget/image/bytes.js';

const { load } = createRequire(import.meta.url)('exifreader') as typeof ExifReader;

/** By sort: `exif`, `gps`, `iptc`, `xmp`, `icc`, and the `Thumbnail`. */
export function readTags({ buffer }: Bytes) {
  return load(buffer, { expanded: true });
}
