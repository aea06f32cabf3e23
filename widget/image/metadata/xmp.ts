// XMP packets as text: reads a property, sets some. Works on text, for workers have no parser of XML. Pure.
// https://developer.adobe.com/xmp/docs/XMPSpecifications/ (part 1, 7)
import type { Bytes } from '../bytes.js';

/** Longer packets carry depth maps and other pictures; what people write comes first. */
const MAX_SEARCHED = 500_000;

/** @returns Undefined when it is neither UTF-8 nor UTF-16. */
export function decodeXmp(bytes: Bytes): string | undefined {
  const [first, second] = bytes;
  const encoding =
    second === 0 || first === 0xff ? 'utf-16le' : first === 0 || first === 0xfe ? 'utf-16be' : '';
  try {
    return new TextDecoder(encoding || 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * A property's text: that of the default language where there are several, with its entities resolved.
 * @param name - Without its prefix, which writers may choose.
 */
export function readProperty(xmp: string, name: string): string | undefined {
  const text = xmp.slice(0, MAX_SEARCHED);
  const open = new RegExp(`<([\\w.-]{1,40}:${name})(?:\\s[^>]*)?(?<!/)>`).exec(text);
  if (!open) return readAttribute(text, name);
  const start = open.index + open[0].length;
  const end = text.indexOf(`</${open[1] ?? ''}>`, start);
  const content = end < 0 ? '' : text.slice(start, end);
  const items = [...content.matchAll(/<rdf:li([^>]*)>([^<]*)</g)];
  const chosen = items.find(([, attributes = '']) => attributes.includes('x-default')) ?? items[0];
  return resolveEntities(chosen ? (chosen[2] ?? '') : content.replaceAll(/<[^>]*>/g, ' '));
}

/** Sets a number wherever the packet says it; does not add it. */
export function setProperty(xmp: string, name: string, value: number): string {
  return xmp
    .replaceAll(new RegExp(`(\\b${name}\\s*=\\s*["'])[^"']*`, 'g'), `$1${value}`)
    .replaceAll(new RegExp(`(<${name}>)[^<]*`, 'g'), `$1${value}`);
}

/** Takes out an element with all that is inside. */
export function dropElement(xmp: string, name: string): string {
  const start = xmp.indexOf(`<${name}>`);
  const end = xmp.indexOf(`</${name}>`, start);
  return start < 0 || end < 0 ? xmp : xmp.slice(0, start) + xmp.slice(end + name.length + 3);
}

function readAttribute(text: string, name: string): string | undefined {
  const found = new RegExp(`\\s[\\w.-]{1,40}:${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(text);
  return found ? resolveEntities(found[1] ?? found[2] ?? '') : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  return text.replaceAll(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
