// Any S3-compatible bucket behind the storage port: what is signed here, what is asked in ask-storage.ts and multipart-verbs.ts.
import type { SignedRequest } from '../protocol.js';
import type { StorageSettings } from '../sites/site.js';
import { createAsker } from './ask-storage.js';
import { createMultipartVerbs } from './multipart-verbs.js';
import { createPresign, type Presign, type PresignInput } from './presigner.js';
import { createConditionalPutProbe } from './providers.js';
import { lazyClient } from './s3-client.js';
import type { StorageClock } from './storage-clocks.js';
import type { Storage } from './storage.js';

/** Seconds that a presigned upload stays valid. */
const PUT_EXPIRES_IN = 900;

export interface S3StorageWorld {
  readonly clock: StorageClock;
  readonly fetch: typeof fetch;
}

/** Opens a bucket. Nothing is asked of it until the first call that needs an answer. */
export function createS3Storage(settings: StorageSettings, world: S3StorageWorld): Storage {
  const presign = createPresign(settings, () => world.clock.now());
  const honoursIfNoneMatch = createConditionalPutProbe(settings, presign, world.fetch);
  const loadClient = lazyClient(settings, world.clock);
  return {
    async presignPut({ key, size, type, md5, metadata }) {
      const meta = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
      const headers = {
        'content-type': type,
        ...(md5 === undefined ? {} : { 'content-md5': md5 }),
        ...((await honoursIfNoneMatch()) ? { 'if-none-match': '*' } : {}),
        ...Object.fromEntries(meta),
      };
      return signBody(presign, { key, size, headers });
    },
    presignPart: ({ key, uploadId, partNumber, size, md5 }) =>
      signBody(presign, {
        key,
        size,
        query: { partNumber: String(partNumber), uploadId },
        headers: md5 === undefined ? {} : { 'content-md5': md5 },
      }),
    presignLoosePut: ({ key, type, expiresInSeconds }) =>
      presign({
        method: 'PUT',
        key,
        headers: type === undefined ? {} : { 'content-type': type },
        expiresInSeconds,
      }),
    presignGet: ({ key, versionId, expiresInSeconds, contentDisposition }) => {
      const version = versionId === undefined ? {} : { versionId };
      const query = { 'response-content-disposition': contentDisposition, ...version };
      return presign({ method: 'GET', key, query, expiresInSeconds });
    },
    headObject: createAsker(settings, loadClient).headObject,
    ...createMultipartVerbs(settings, loadClient),
  };
}

type Body = Required<Pick<PresignInput, 'key' | 'headers'>> &
  Pick<PresignInput, 'query'> & { readonly size: number };

/** A PUT of exactly `size` bytes, with exactly these headers. */
async function signBody(presign: Presign, { size, ...target }: Body): Promise<SignedRequest> {
  // Browsers compute content-length themselves and let nobody set it: signed, but not listed.
  const headers = { ...target.headers, 'content-length': String(size) };
  const url = await presign({ ...target, method: 'PUT', headers, expiresInSeconds: PUT_EXPIRES_IN });
  return { method: 'PUT', url, headers: target.headers, expiresInSeconds: PUT_EXPIRES_IN };
}
