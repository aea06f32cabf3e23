// Multipart uploads in S3's own verbs, through the AWS SDK: create, find, list, complete, abort.
import type { ListPartsCommandOutput } from '@aws-sdk/client-s3';
import { ProblemError } from '../problem.js';
import type { StorageSettings } from '../sites/site.js';
import { capabilitiesOf } from './providers.js';
import { ANSWER_TIMEOUT, askWithin, type LoadClient } from './s3-client.js';
import type { Completion, Storage, UploadedPart, UploadName } from './storage.js';

type Verb = 'createMultipart' | 'listMultiparts' | 'listParts' | 'completeMultipart' | 'abortMultipart';

interface Bucket {
  readonly settings: StorageSettings;
  readonly loadClient: LoadClient;
}

/** Milliseconds. S3 may take minutes to put thousands of parts together, sending blanks meanwhile. */
const COMPLETE_TIMEOUT = 10 * 60_000;
/** What S3 lists at once at most. */
const PAGE_PARTS = 1000;

/** @param loadClient - Shared by all that ask the same bucket. */
export function createMultipartVerbs(settings: StorageSettings, loadClient: LoadClient): Pick<Storage, Verb> {
  const bucket = { settings, loadClient };
  return {
    createMultipart: createIn(bucket),
    listMultiparts: listOpenIn(bucket),
    listParts: listIn(bucket),
    completeMultipart: completeIn(bucket),
    abortMultipart: abortIn(bucket),
  };
}

function createIn({ settings, loadClient }: Bucket): Storage['createMultipart'] {
  return ({ key, type, metadata }, signal) =>
    askWithin({ signal, timeoutMs: ANSWER_TIMEOUT }, async (abortSignal) => {
      const { client, CreateMultipartUploadCommand } = await loadClient();
      const input = { Bucket: settings.bucket, Key: key, ContentType: type, Metadata: { ...metadata } };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(input), { abortSignal });
      return UploadId ?? failed('Storage gave the upload no id.');
    });
}

function listOpenIn({ settings, loadClient }: Bucket): Storage['listMultiparts'] {
  return (prefix, signal) =>
    askWithin({ signal, timeoutMs: ANSWER_TIMEOUT }, async (abortSignal) => {
      const { client, ListMultipartUploadsCommand } = await loadClient();
      const command = new ListMultipartUploadsCommand({ Bucket: settings.bucket, Prefix: prefix });
      const { Uploads = [] } = await client.send(command, { abortSignal });
      return Uploads.flatMap(({ Key, UploadId }) =>
        Key && UploadId ? [{ key: Key, uploadId: UploadId }] : [],
      );
    });
}

function listIn({ settings, loadClient }: Bucket): Storage['listParts'] {
  return async (upload, signal) => {
    const { client, ListPartsCommand } = await loadClient();
    const { limit = Infinity } = upload;
    return collectParts(limit, (marker) =>
      askWithin<ListPartsCommandOutput | undefined>(
        { signal, timeoutMs: ANSWER_TIMEOUT },
        (abortSignal) => {
          const page = { MaxParts: Math.min(limit, PAGE_PARTS), PartNumberMarker: String(marker) };
          return client.send(new ListPartsCommand({ ...named(settings, upload), ...page }), { abortSignal });
        },
        // AWS says NoSuchUpload; RGW says NoSuchKey.
        (status) => (status === 404 ? { value: undefined } : undefined),
      ),
    );
  };
}

function completeIn({ settings, loadClient }: Bucket): Storage['completeMultipart'] {
  const condition = capabilitiesOf(settings).conditionalComplete ? { IfNoneMatch: '*' } : {};
  return (upload, signal) =>
    askWithin<Completion>(
      { signal, timeoutMs: COMPLETE_TIMEOUT },
      async (abortSignal) => {
        const { client, CompleteMultipartUploadCommand } = await loadClient();
        const Parts = upload.parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
        const input = { ...named(settings, upload), ...condition, MultipartUpload: { Parts } };
        const { ETag } = await client.send(new CompleteMultipartUploadCommand(input), { abortSignal });
        // S3 may answer 200 and put the failure in the body; the SDK misses it where blanks follow the error.
        // RGW leaves the ETag empty. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
        return ETag === undefined ? failed('Storage did not put the file together.') : 'completed';
      },
      completionOf,
    );
}

function abortIn({ settings, loadClient }: Bucket): Storage['abortMultipart'] {
  return (upload, signal) =>
    askWithin<boolean>(
      { signal, timeoutMs: ANSWER_TIMEOUT },
      async (abortSignal) => {
        const { client, AbortMultipartUploadCommand } = await loadClient();
        await client.send(new AbortMultipartUploadCommand(named(settings, upload)), { abortSignal });
        return true;
      },
      (status) => (status === 404 ? { value: false } : undefined),
    );
}

function named({ bucket }: StorageSettings, { key, uploadId }: UploadName) {
  return { Bucket: bucket, Key: key, UploadId: uploadId };
}

/** Pages through the parts; ends where storage's marker does not move on. */
async function collectParts(
  limit: number,
  askPage: (marker: number) => Promise<ListPartsCommandOutput | undefined>,
): Promise<readonly UploadedPart[] | undefined> {
  const parts: UploadedPart[] = [];
  for (let marker = 0; ;) {
    const page = await askPage(marker);
    if (!page) return undefined;
    for (const { PartNumber = 0, Size = 0, ETag = '' } of page.Parts ?? []) {
      parts.push({ partNumber: PartNumber, size: Size, etag: ETag });
    }
    const next = Number(page.NextPartNumberMarker ?? 0);
    if (!page.IsTruncated || !(next > marker) || parts.length >= limit) break;
    marker = next;
  }
  return parts.sort((a, b) => a.partNumber - b.partNumber);
}

function completionOf(status: number | undefined, name: string): { readonly value: Completion } | undefined {
  // 412: a rival completed the same upload first, and the key is taken.
  if (status === 404 || status === 412) return { value: 'closed' };
  // 409: a rival is at it right now.
  const stale = status === 409 || name === 'InvalidPart' || name === 'InvalidPartOrder';
  return stale ? { value: 'stale' } : undefined;
}

function failed(detail: string): never {
  throw new ProblemError('storage-unavailable', detail, { retryAfterSeconds: 1 });
}
