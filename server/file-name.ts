// The name a person gave a file, made safe to show, to store as metadata and to download under (pure).
const MAX_METADATA_CHARS = 1000;
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
// Control characters, zero-width marks and direction overrides: they hide what a name really says.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Cleans a file name: base name only, NFC, no control or direction characters, no device names.
 * @returns A name of 1 to 255 UTF-16 units; `file` when nothing is left.
 */
export function cleanFileName(raw: string): string {
  const base = raw.toWellFormed().replace(INVISIBLE, '').split(/[/\\]/).at(-1) ?? '';
  const trimmed = base.normalize('NFC').replace(/^[\s.]+|[\s.]+$/g, '');
  const name = RESERVED.test(trimmed) ? `_${trimmed}` : trimmed;
  return shorten(name) || 'file';
}

/** Percent-encodes a name for an HTTP header, shortened to what metadata can carry, extension kept. */
export function encodeForMetadata(name: string): string {
  let encoded = encodeURIComponent(name);
  for (let length = name.length; encoded.length > MAX_METADATA_CHARS;) {
    length -= 8;
    encoded = encodeURIComponent(shorten(name, length));
  }
  return encoded;
}

function shorten(name: string, maxUnits = 255): string {
  if (name.length <= maxUnits) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  return (name.slice(0, maxUnits - extension.length) + extension).toWellFormed();
}
