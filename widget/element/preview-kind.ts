// Which files have a picture to show, and how it is made (pure).
import { extensionOf } from '../../server/rules/accept.js';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';

export type PreviewKind = 'photo' | 'image' | 'heic' | 'drawing' | 'video';

const KINDS: readonly (readonly [PreviewKind, RegExp])[] = [
  ['photo', /^image\/p?jpe?g$/],
  ['image', /^image\/(png|apng|gif|webp|avif|jxl|bmp|x-ms-bmp|x-icon|vnd\.microsoft\.icon)$/],
  ['heic', /^image\/hei[cf]/],
  ['drawing', /^image\/svg\+xml$/],
  ['video', /^video\//],
];

/** @returns Undefined for files that are shown as a tile. */
export function previewKind({ name, type }: Pick<File, 'name' | 'type'>): PreviewKind | undefined {
  const full = type || (EXTENSION_TYPES.get(extensionOf(name)) ?? '');
  return KINDS.find(([, pattern]) => pattern.test(full))?.[0];
}
