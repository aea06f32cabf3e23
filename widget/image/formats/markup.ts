// Text that browsers take for a picture or for a page: SVG and HTML. Looked at, never run.
// https://www.w3.org/TR/SVG2/struct.html#SVGElement and https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
import { type PixelSize, UNKNOWN_SIZE } from './pixel-size.js';

/** Longer comments in front are no drawing that anybody made. */
const MAX_SEARCHED = 65_536;
const SKIPPED = /\s+|<\?[^>]*>|<!--[\s\S]*?-->|<!doctype(?!\s*html)[^>[]*(?:\[[^\]]*\]\s*)?>/iy;
const SVG = /<(?:[\w-]+:)?svg(?:\s[^>]*)?>?/iy;
const HTML =
  /<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)(?=[\s>/]|$)/iy;

/** @returns Undefined when it is neither. */
export function readMarkup(bytes: DataView): ({ readonly kind: 'svg' | 'html' } & PixelSize) | undefined {
  const text = decode(bytes);
  let at = 0;
  for (;;) {
    SKIPPED.lastIndex = at;
    if (!SKIPPED.test(text)) break;
    at = SKIPPED.lastIndex;
  }
  SVG.lastIndex = at;
  const [open] = SVG.exec(text) ?? [];
  if (open !== undefined) return { kind: 'svg', ...readSize(open) };
  HTML.lastIndex = at;
  return HTML.test(text) ? { kind: 'html', ...UNKNOWN_SIZE } : undefined;
}

function decode(bytes: DataView): string {
  const mark = bytes.byteLength >= 2 ? bytes.getUint16(0) : 0;
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  const length = Math.min(bytes.byteLength, MAX_SEARCHED);
  // Marks of order at the front are left out.
  return new TextDecoder(encoding).decode(new Uint8Array(bytes.buffer, bytes.byteOffset, length));
}

/** In pixels, or what the drawing's own coordinates say. */
function readSize(open: string): PixelSize {
  const side = (name: string) => {
    const [, value] = new RegExp(`\\s${name}\\s*=\\s*["']\\s*([\\d.]+)(?:px)?\\s*["']`).exec(open) ?? [];
    return Number(value ?? 0);
  };
  const [width, height] = [side('width'), side('height')];
  if (width > 0 && height > 0) return { width, height };
  const [, box = ''] = /\sviewBox\s*=\s*["']([^"']*)["']/.exec(open) ?? [];
  const [, , boxWidth = 0, boxHeight = 0] = box
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  return boxWidth > 0 && boxHeight > 0 ? { width: boxWidth, height: boxHeight } : UNKNOWN_SIZE;
}
