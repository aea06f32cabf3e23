// Links to private files: a sealed token in our own address, exchanged for a short signed GET when it is opened.
import * as v from 'valibot';
import { createSealer } from './seal.js';

/** Seconds that the signed GET behind a link works. */
export const GET_EXPIRES_IN = 300;

const LINK = v.object({
  site: v.string(),
  key: v.string(),
  versionId: v.optional(v.string()),
  name: v.string(),
  type: v.string(),
  /** Unix seconds. */
  expiresAt: v.number(),
});

export type FileLink = v.InferOutput<typeof LINK>;

export interface FileLinks {
  seal(link: FileLink): Promise<string>;
  /** @returns What the token names, or `undefined` when it is not ours or has expired. */
  open(token: string): Promise<FileLink | undefined>;
}

/** @param now - The wall clock. */
export function createFileLinks(secret: string, now: () => Date): FileLinks {
  const sealer = createSealer(secret, 'file link');
  return {
    seal: (link) => sealer.seal(link),
    async open(token) {
      const parsed = v.safeParse(LINK, await sealer.open(token));
      return parsed.success && parsed.output.expiresAt * 1000 > now().getTime() ? parsed.output : undefined;
    },
  };
}

/** Types that a browser shows without running anything. */
const INLINE =
  /^(?:image\/(?:jpeg|png|gif|webp|avif|bmp|heic|heif)|video\/|audio\/|application\/pdf$|text\/plain$)/;

/** A `Content-Disposition` value: shown where that is safe, else downloaded, under the name that the file had. */
export function contentDisposition({ name, type }: Pick<FileLink, 'name' | 'type'>): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `${INLINE.test(type) ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
