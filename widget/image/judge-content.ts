// A file whose content contradicts its name or type is judged by both: the content says what it is stored as. Pure.
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';
import { extensionOf, type NamedType } from '../../server/rules/accept.js';
import type { FileKind } from './sniff-file.js';

/** Of each kind the type that it is sent as, then others that mean the same or contain it. */
const TYPES: Readonly<Record<FileKind, readonly [string, ...string[]]>> = {
  jpeg: ['image/jpeg', 'image/jpg', 'image/pjpeg'],
  png: ['image/png', 'image/apng', 'image/x-png', 'image/vnd.mozilla.apng'],
  gif: ['image/gif'],
  webp: ['image/webp'],
  avif: ['image/avif', 'image/avif-sequence'],
  heic: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  tiff: ['image/tiff'],
  bmp: ['image/bmp', 'image/x-ms-bmp', 'image/x-bmp'],
  jxl: ['image/jxl'],
  svg: ['image/svg+xml'],
  html: ['text/html', 'application/xhtml+xml'],
  pdf: ['application/pdf', 'application/x-pdf'],
  mp4: [
    'video/mp4',
    'video/x-m4v',
    'audio/mp4',
    'audio/x-m4a',
    'video/3gpp',
    'video/3gpp2',
    'video/quicktime',
  ],
  mov: ['video/quicktime', 'video/mp4'],
  webm: ['video/webm', 'audio/webm', 'video/x-matroska'],
  mkv: ['video/x-matroska', 'audio/x-matroska', 'video/webm', 'audio/webm'],
};
/** Types whose content has a mark that we would have seen, so that another mark contradicts them. */
const TELLTALE: ReadonlySet<string> = new Set(Object.values(TYPES).flat());

/**
 * Judges a file's type by its content too.
 * @param kind - What the first bytes say; undefined when they say nothing.
 * @returns The type to decide by and to store: the declared one, unless the content is plainly of another.
 * Text, archives and types with many dialects, such as raw photos, are taken at their word.
 */
export function judgeContent(file: NamedType, kind: FileKind | undefined): string {
  const declared = file.type.split(';')[0]?.trim().toLowerCase() ?? '';
  const meant = declared || (EXTENSION_TYPES.get(extensionOf(file.name)) ?? '');
  if (!kind || !TELLTALE.has(meant) || TYPES[kind].includes(meant)) return file.type;
  return TYPES[kind][0];
}
