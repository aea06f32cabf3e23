// Attributes → options of the engine; a bad value is ignored and named once in the console.
import { parseAccept } from '../../server/rules/accept.js';
import { IMAGE_FORMATS } from '../../server/rules/image-formats.js';
import { parseSize } from '../../server/rules/sizes.js';
import type { ImageOptions } from '../engine/image-policy.js';
import type { Restrictions } from '../engine/restrictions.js';
import { VALUE_FORMATS, type ValueFormat } from './form-value.js';

/** The element's attributes as they were written. */
export interface RawOptions {
  readonly siteKey: string;
  readonly signer: string;
  readonly multiple: boolean;
  readonly accept: string;
  readonly maxFiles: string | number | null;
  readonly minFiles: string | number | null;
  readonly maxSize: string | number | null;
  readonly minSize: string | number | null;
  readonly maxTotalSize: string | number | null;
  readonly noResize: boolean;
  readonly maxWidth: string | number | null;
  readonly maxHeight: string | number | null;
  readonly quality: string | number | null;
  readonly format: string;
  readonly metadata: string;
  readonly renditions: string;
  readonly altText: string;
  readonly valueFormat: string;
  readonly concurrency: string | number | null;
}

/** The same, understood. */
export interface Options {
  readonly signer: string;
  readonly restrictions: Restrictions;
  readonly image: ImageOptions;
  readonly minFiles: number;
  readonly altText: AltTextMode;
  readonly valueFormat: ValueFormat;
  readonly concurrency: number | undefined;
  /** Why nothing can be sent, for the owner of the site. */
  readonly setupProblem: SetupProblem | undefined;
}

export type SetupProblem =
  'no-signer' | 'signer-no-address' | 'signer-not-https' | 'no-site-key' | 'site-key-secret';

/** Says once what is wrong with an attribute. */
export type Warn = (attribute: string, value: string, expected: string) => void;

/** Whether pictures have a description, and whether they need one. */
export type AltTextMode = 'off' | 'optional' | 'required';

const SIZE = 'a size such as "10MB" or "1.5GiB"';

/**
 * Reads the attributes.
 * @param scriptOrigin - Where the script came from: the signer, unless `signer` names another.
 */
export function readOptions(raw: RawOptions, scriptOrigin: string | undefined, warn: Warn): Options {
  const count = (attribute: string, value: RawOptions['maxFiles'], least = 1): number | undefined =>
    read(attribute, value, { warn, expected: `a whole number from ${least} up`, parse: wholeFrom(least) });
  const size = (attribute: string, value: RawOptions['maxFiles']): number | undefined =>
    read(attribute, value, { warn, expected: SIZE, parse: parseSize });
  const choice = <T extends string>(attribute: string, value: string, allowed: readonly T[]): T | undefined =>
    read(attribute, value || null, {
      warn,
      expected: `one of ${allowed.join(', ')}`,
      parse: (text) => allowed.find((one) => one === text.toLowerCase()),
    });

  const signer = readSigner(raw.signer, scriptOrigin);
  return {
    signer: signer.url,
    setupProblem: signer.problem ?? judgeSiteKey(raw.siteKey),
    restrictions: present({
      accept: parseAccept(raw.accept),
      maxFiles: raw.multiple ? count('max-files', raw.maxFiles) : 1,
      maxSizeBytes: size('max-size', raw.maxSize),
      minSizeBytes: size('min-size', raw.minSize),
      maxTotalSizeBytes: size('max-total-size', raw.maxTotalSize),
    }),
    image: present({
      disabled: raw.noResize,
      maxWidth: count('max-width', raw.maxWidth),
      maxHeight: count('max-height', raw.maxHeight),
      quality: read('quality', raw.quality, { warn, expected: 'a number from 0 to 1', parse: parseFraction }),
      format: choice('format', raw.format, IMAGE_FORMATS),
      metadata: choice('metadata', raw.metadata, ['strip', 'keep'] as const),
      // Read with the first image.
      renditions: raw.renditions || undefined,
    }),
    minFiles: count('min-files', raw.minFiles, 0) ?? 0,
    altText: choice('alt-text', raw.altText, ['off', 'optional', 'required'] as const) ?? 'off',
    valueFormat: choice('value-format', raw.valueFormat, VALUE_FORMATS) ?? 'url',
    concurrency: count('concurrency', raw.concurrency),
  };
}

interface Reading<T> {
  readonly warn: Warn;
  readonly expected: string;
  readonly parse: (text: string) => T | undefined;
}

function read<T>(attribute: string, value: string | number | null, reading: Reading<T>): T | undefined {
  if (value === null || value === undefined) return undefined;
  const text = String(value).trim();
  const parsed = reading.parse(text);
  if (parsed === undefined) reading.warn(attribute, text, reading.expected);
  return parsed;
}

const wholeFrom =
  (least: number) =>
  (text: string): number | undefined => {
    const value = /^\d+$/.test(text) ? Number(text) : -1;
    return Number.isSafeInteger(value) && value >= least ? value : undefined;
  };

function parseFraction(text: string): number | undefined {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : -1;
  return value >= 0 && value <= 1 ? value : undefined;
}

function readSigner(
  signer: string,
  scriptOrigin: string | undefined,
): { url: string; problem?: SetupProblem } {
  const text = signer.trim();
  if (text === '')
    return scriptOrigin === undefined ? { url: '', problem: 'no-signer' } : { url: scriptOrigin };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return { url: '', problem: 'signer-no-address' };
  if (globalThis.location?.protocol === 'https:' && url.protocol === 'http:' && !isLoopback(url.hostname))
    return { url: '', problem: 'signer-not-https' };
  return { url: url.origin + url.pathname.replace(/\/+$/, '') };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host.startsWith('127.');
}

function judgeSiteKey(siteKey: string): SetupProblem | undefined {
  if (siteKey.trim() === '') return 'no-site-key';
  // Secret keys of payment-style services, AWS and Backblaze.
  return /^(sk_|AKIA|K00\d)/.test(siteKey) ? 'site-key-secret' : undefined;
}

/** The object without its undefined members: an absent option is no option. */
export function present<T>(value: Readonly<Record<string, T | undefined>>): Record<string, T> {
  const result: Record<string, T> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) result[key] = member;
  return result;
}
