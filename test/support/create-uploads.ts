// POST /v1/uploads for tests: sends files, sorts what comes back.
import assert from 'node:assert/strict';
import type { CreateUploadsResponse, ItemError, MultipartUpload, PutUpload } from '../../server/protocol.js';
import type { TestSigner } from './test-signer.js';

export interface Created {
  readonly status: number;
  readonly headers: Headers;
  /** Those in one request. */
  readonly uploads: readonly PutUpload[];
  /** Those in parts. */
  readonly multiparts: readonly MultipartUpload[];
  readonly errors: readonly (ItemError | undefined)[];
  readonly code?: string;
}

/** POSTs files to a signer's site and sorts the answer. */
export async function create(
  { post, site }: TestSigner,
  files: unknown[],
  extra: Record<string, unknown> = {},
): Promise<Created> {
  const response = await post('/v1/uploads', { siteKey: site.key, files, ...extra });
  const body = (await response.json()) as CreateUploadsResponse & { code?: string };
  const items = body.uploads ?? [];
  return {
    status: response.status,
    headers: response.headers,
    uploads: items.filter((item) => 'request' in item),
    multiparts: items.filter((item) => 'partCount' in item),
    errors: items.map((item) => ('error' in item ? item.error : undefined)),
    ...(body.code === undefined ? {} : { code: body.code }),
  };
}

/** The one upload that was planned. */
export const only = ({ uploads: [upload] }: Created): PutUpload => {
  assert.ok(upload);
  return upload;
};
