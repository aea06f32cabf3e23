// The steps of an upload in parts, as a page takes them: create, sign, send, ask. Only the signer and fetch are used.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type {
  CompletedFile,
  CompleteResponse,
  ItemError,
  MultipartUpload,
  PartRequest,
  SignedPart,
  SignedRequest,
  SignResponse,
  StatusResponse,
  UploadStatus,
} from '../../server/protocol.js';
import type { TestSigner } from '../support/test-signer.js';

type Bytes = Uint8Array<ArrayBuffer>;
type Ticketed = Pick<MultipartUpload, 'ticket'>;

export const PART_BYTES = 5 * 2 ** 20;

/** Plans an upload in parts of 5 MiB. */
export async function createMultipart(
  { post, site }: TestSigner,
  body: Bytes,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<MultipartUpload> {
  const file = { name: 'film.mp4', type: 'video/mp4', size: body.length, partSizeHint: 1, ...overrides };
  const response = await post('/v1/uploads', { siteKey: site.key, files: [file] });
  const { uploads } = (await response.json()) as { uploads: [MultipartUpload] };
  assert.equal(uploads[0].strategy, 'multipart', JSON.stringify(uploads[0]));
  return uploads[0];
}

/** The bytes of one part. */
export function partOf(body: Bytes, partNumber: number): Bytes {
  return body.subarray((partNumber - 1) * PART_BYTES, partNumber * PART_BYTES);
}

export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

export async function signParts(
  { post }: TestSigner,
  { ticket }: Ticketed,
  parts: readonly PartRequest[],
): Promise<readonly SignedPart[]> {
  const response = await post('/v1/uploads/sign', { requests: [{ ticket, parts }] });
  const { results } = (await response.json()) as SignResponse;
  const [result] = results;
  assert.ok(result && 'parts' in result, JSON.stringify(result));
  return result.parts;
}

/** The error of signing part 1. */
export async function signError({ post }: TestSigner, { ticket }: Ticketed): Promise<ItemError | undefined> {
  const response = await post('/v1/uploads/sign', { requests: [{ ticket, parts: [{ partNumber: 1 }] }] });
  const { results } = (await response.json()) as SignResponse;
  return results[0] && 'error' in results[0] ? results[0].error : undefined;
}

export function send({ url, headers }: SignedRequest, body: Bytes): Promise<Response> {
  return fetch(url, { method: 'PUT', headers, body });
}

/** Sends parts one after the other, each with its MD5, in the order given. */
export async function sendParts(
  signer: TestSigner,
  upload: Ticketed,
  { body, numbers }: { readonly body: Bytes; readonly numbers: readonly number[] },
): Promise<void> {
  const wanted = numbers.map((partNumber) => ({ partNumber, md5: md5Of(partOf(body, partNumber)) }));
  for (const { partNumber, request } of await signParts(signer, upload, wanted)) {
    const answer = await send(request, partOf(body, partNumber));
    assert.equal(answer.status, 200, await answer.text());
  }
}

export interface CompleteAnswer {
  readonly status: number;
  readonly file: CompletedFile | undefined;
  readonly error: ItemError | undefined;
  readonly text: string;
}

export async function complete({ post }: TestSigner, { ticket }: Ticketed): Promise<CompleteAnswer> {
  const response = await post('/v1/uploads/complete', { tickets: [ticket] });
  const text = await response.text();
  const [item] = (JSON.parse(text) as CompleteResponse).files;
  assert.ok(item, text);
  return {
    status: response.status,
    file: 'error' in item ? undefined : item,
    error: 'error' in item ? item.error : undefined,
    text,
  };
}

export async function statusOf({ post }: TestSigner, { ticket }: Ticketed): Promise<UploadStatus> {
  const response = await post('/v1/uploads/status', { tickets: [ticket] });
  const [result] = ((await response.json()) as StatusResponse).results;
  assert.ok(result && 'state' in result, JSON.stringify(result));
  return result;
}

/** @returns The code of the error, or undefined when the upload was given up. */
export async function abort({ post }: TestSigner, { ticket }: Ticketed): Promise<string | undefined> {
  const response = await post('/v1/uploads/abort', { tickets: [ticket] });
  return ((await response.json()) as { code?: string }).code;
}
