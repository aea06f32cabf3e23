// The renditions that a page asks for: a list or its JSON; what is not understood is left out and named once in the console.
import type { RenditionPolicy } from '../../server/protocol.js';
import { IMAGE_FORMATS } from '../../server/rules/image-formats.js';
import { MAX_RENDITIONS, RENDITION_NAME } from '../../server/rules/renditions.js';
import { isJson } from './answer.js';

const FIELDS: readonly string[] = [
  'name',
  'maxWidth',
  'maxHeight',
  'format',
] satisfies (keyof RenditionPolicy)[];
const FORMATS: readonly unknown[] = IMAGE_FORMATS;
const EXPECTED = `expected JSON such as [{"name":"thumb","maxWidth":320,"format":"webp"}]: up to ${MAX_RENDITIONS}, each with a name of its own of a-z, 0-9 and "-"`;

const warned = new Set<string>();

/** @returns None when there are none, or when they are not as they should be. */
export function readRenditions(
  given: readonly RenditionPolicy[] | string | undefined = [],
): readonly RenditionPolicy[] {
  const list = typeof given === 'string' ? parse(given) : given;
  if (isRenditions(list)) return list;
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  if (!warned.has(text)) console.warn(`<b2-uploader renditions='${text}'>: ${EXPECTED}.`);
  warned.add(text);
  return [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRenditions(list: unknown): list is readonly RenditionPolicy[] {
  if (!Array.isArray(list) || list.length > MAX_RENDITIONS || !list.every(isRendition)) return false;
  return new Set(list.map(({ name }) => name)).size === list.length;
}

function isRendition(value: unknown): value is RenditionPolicy {
  if (!isJson(value)) return false;
  const { name, maxWidth, maxHeight, format } = value;
  return (
    typeof name === 'string' &&
    RENDITION_NAME.test(name) &&
    isPixels(maxWidth) &&
    isPixels(maxHeight) &&
    (format === undefined || FORMATS.includes(format)) &&
    Object.keys(value).every((field) => FIELDS.includes(field))
  );
}

function isPixels(value: unknown): boolean {
  return value === undefined || (Number.isInteger(value) && Number(value) > 0);
}
