// Where an upload goes in the bucket: keys are the server's, unguessable, ordered by time, and never hold the name (pure).
import { encodeTime, ulid } from 'ulid';
import { TYPE_EXTENSIONS } from './rules/file-types.js';

const DAY_MS = 24 * 3600 * 1000;

/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** 26 characters of Crockford base32: 48 bits of time, 80 random bits. */
export function createUploadId(now: Date, random: Random): string {
  return ulid(now.getTime(), random);
}

/** Characters of an id that tell its time. */
const TIME_CHARS = 10;

/** The random end of an id, drawn from a random source. */
export function drawIdTail(random: Random): string {
  return ulid(1, random).slice(TIME_CHARS);
}

/** An id of this moment with a given end. */
export function idWithTail(now: Date, tail: string): string {
  return encodeTime(now.getTime(), TIME_CHARS) + tail;
}

/** Milliseconds that the last four characters of an id's time tell apart: some 17 minutes. */
const WINDOW_MS = 2 ** 20;
const WINDOW_CHARS = TIME_CHARS - 4;

/** Beginnings of keys, such that every key below `prefix` of the last 17 minutes has one of them. */
export function recentKeyStarts({
  prefix,
  now,
}: {
  readonly prefix: string;
  readonly now: Date;
}): readonly string[] {
  const at = now.getTime();
  const lastEnds = [at, at - (at % WINDOW_MS) - 1, at - (at % DAY_MS) - 1];
  return lastEnds
    .filter((time) => time >= at - WINDOW_MS)
    .map((time) => {
      const instant = new Date(time);
      return dayFolder(prefix, instant) + encodeTime(time, TIME_CHARS).slice(0, WINDOW_CHARS);
    });
}

/** The id in the key of an upload that is no rendition. */
export function idOfKey(key: string): string | undefined {
  return /([0-9A-Z]{26})(?:\.[a-z0-9]+)?$/.exec(key)?.[1];
}

/**
 * The key of an upload: `{prefix}{YYYY}/{MM}/{DD}/{id}.{ext}`, in UTC.
 * @param type - The accepted MIME type; its extension comes from the table, never from the name.
 */
export function objectKey(upload: {
  readonly prefix: string;
  readonly id: string;
  readonly type: string;
  readonly now: Date;
}): string {
  return `${dayFolder(upload.prefix, upload.now)}${upload.id}${dotExtension(upload.type)}`;
}

function dayFolder(prefix: string, instant: Date): string {
  return `${prefix}${instant.toISOString().slice(0, 10).replaceAll('-', '/')}/`;
}

/** The id of a rendition: it tells its source, and is as unique, so that a receipt's `sub` is. */
export function renditionId(sourceId: string, rendition: string): string {
  return `${sourceId}.${rendition}`;
}

/** The id of the source of a rendition. */
export function sourceIdOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}

/** The key of a rendition: beside its source, `…/{id}.{rendition}.{ext}`. */
export function renditionKey(
  source: { readonly id: string; readonly key: string },
  { id, type }: { readonly id: string; readonly type: string },
): string {
  const folder = source.key.slice(0, source.key.lastIndexOf(source.id));
  return folder + id + dotExtension(type);
}

function dotExtension(type: string): string {
  const extension = TYPE_EXTENSIONS.get(type);
  return extension ? `.${extension}` : '';
}

/** A random source backed by the platform's cryptographic generator. */
export const cryptoRandom: Random = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
