// The signer's contract in its cheapest form, beside the sign calls of the floor and of the peers.
import { randomUUID } from 'node:crypto';
import type {
  CompletedFile,
  CreateUploadsRequest,
  Failed,
  FileRequest,
  MultipartUpload,
  PutUpload,
  SignedPart,
  SignedRequest,
  SignRequest,
  SitePolicy,
  StoredPart,
  TicketsRequest,
  UploadStatus,
} from '../../../../server/protocol.js';
import { TEST_POLICY } from '../../../support/test-policy.js';
import type { ObjectStore } from './object-store.js';
import { MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES, partBytes, THRESHOLD_BYTES } from './plan-parts.js';
import { presign, signedPut } from './presign.js';

/** The site whose key contains this has integrity switched on. */
export const INTEGRITY_SITE = 'pk_bench_integrity_on';

/** What the stub put into a ticket. */
interface Plan {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** Of a multipart upload. */
  readonly partSize?: number;
  /** Makes the ticket as long as a sealed one. */
  readonly padding: string;
}

export interface StubSigner {
  policy(siteKey: string): SitePolicy;
  /** Answers one POST. @returns Undefined for an unknown path. */
  answer(path: string, body: string): object | undefined;
}

export function createStubSigner(store: ObjectStore, storage: string): StubSigner {
  const routes: Readonly<Record<string, (body: unknown) => object>> = {
    '/v1/uploads': (body) => ({
      uploads: (body as CreateUploadsRequest).files.map((file) => planFile(file, storage)),
    }),
    '/v1/uploads/sign': (body) => ({
      results: (body as SignRequest).requests.map((wanted) => sign(wanted, storage)),
    }),
    '/v1/uploads/status': (body) => ({ results: plansOf(body).map((plan) => statusOf(store, plan)) }),
    '/v1/uploads/complete': (body) => ({
      files: plansOf(body).map((plan) => complete(store, plan, storage)),
    }),
    '/v1/uploads/abort': (body) => ({
      results: plansOf(body).map(({ id }) => {
        store.abort(id);
        return { id };
      }),
    }),
    '/floor/sign': (body) => signForFloor(body as FloorSignRequest, storage),
    '/floor/finish': (body) => {
      const { uploadId } = body as { readonly uploadId: string };
      return { bytes: store.finish(uploadId, uploadId) };
    },
    '/peer/sign': (body) => ({ url: signForPeer(body as PeerSignRequest, storage) }),
  };
  return {
    policy: (siteKey) => ({
      ...TEST_POLICY,
      siteKey,
      name: 'Bench',
      integrity: siteKey === INTEGRITY_SITE,
      multipart: {
        thresholdBytes: THRESHOLD_BYTES,
        minPartBytes: MIN_PART_BYTES,
        maxPartBytes: MAX_PART_BYTES,
        maxParts: MAX_PARTS,
      },
    }),
    answer: (path, body) => routes[path]?.(JSON.parse(body)),
  };
}

function planFile(file: FileRequest, storage: string): PutUpload | MultipartUpload {
  const id = randomUUID();
  const { name, size, md5, partSizeHint } = file;
  const type = file.type || 'application/octet-stream';
  const plan: Plan = { id, key: `2026/11/22/${id}.bin`, name, size, type, padding: 'x'.repeat(120) };
  if (size <= THRESHOLD_BYTES) {
    return { id, ticket: seal(plan), strategy: 'put', request: putRequest(plan, storage, md5) };
  }
  const partSize = partBytes(size, partSizeHint);
  const ticket = seal({ ...plan, partSize });
  return { id, ticket, strategy: 'multipart', partSize, partCount: Math.ceil(size / partSize), parts: [] };
}

type Wanted = SignRequest['requests'][number];

function sign({ ticket, md5, parts }: Wanted, storage: string): object {
  const plan = open(ticket);
  if (!parts) return { id: plan.id, request: putRequest(plan, storage, md5) };
  const signed: readonly SignedPart[] = parts.map(({ partNumber, md5: partMd5 }) => ({
    partNumber,
    request: signedPut(
      {
        storage,
        key: plan.key,
        size: bytesOfPart(plan, partNumber),
        part: { uploadId: plan.id, partNumber },
      },
      digestHeader(partMd5),
    ),
  }));
  return { id: plan.id, parts: signed };
}

function putRequest(
  { key, size, type, name }: Plan,
  storage: string,
  md5: string | undefined,
): SignedRequest {
  const headers = { 'content-type': type, 'x-amz-meta-name': encodeURIComponent(name), ...digestHeader(md5) };
  return signedPut({ storage, key, size }, headers);
}

function digestHeader(md5: string | undefined): Readonly<Record<string, string>> {
  return md5 === undefined ? {} : { 'content-md5': md5 };
}

function bytesOfPart({ size, partSize = size }: Plan, partNumber: number): number {
  return Math.min(partSize, size - (partNumber - 1) * partSize);
}

function storedParts(store: ObjectStore, plan: Plan): readonly StoredPart[] {
  return store.parts(plan.id).map(([partNumber, size]) => ({ partNumber, size }));
}

function statusOf(store: ObjectStore, plan: Plan): UploadStatus {
  const parts = storedParts(store, plan);
  const state = store.size(plan.key) === plan.size ? 'stored' : parts.length > 0 ? 'partial' : 'pending';
  return { id: plan.id, state, parts };
}

function complete(store: ObjectStore, plan: Plan, storage: string): CompletedFile | Failed {
  const { id, key, name, size, type, partSize } = plan;
  if (partSize !== undefined && store.size(key) === undefined) {
    const held = new Map(store.parts(id));
    const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1);
    const missing = numbers.filter((number) => held.get(number) !== bytesOfPart(plan, number));
    if (missing.length > 0) return failed(id, 'parts-missing', missing);
    store.finish(key, id);
  }
  if (store.size(key) !== size) return failed(id, 'not-uploaded');
  const url = `${storage}/bench-bucket/${key}`;
  return { id, key, url, name, size, type, etag: '"0"', receipt: 'r'.repeat(400) };
}

function failed(id: string, code: 'parts-missing' | 'not-uploaded', missing?: readonly number[]): Failed {
  const detail = 'Storage does not hold it.';
  return { error: { id, code, status: 409, detail, retryable: true, ...(missing && { missing }) } };
}

function seal(plan: Plan): string {
  return Buffer.from(JSON.stringify(plan)).toString('base64url');
}

function open(ticket: string): Plan {
  return JSON.parse(Buffer.from(ticket, 'base64url').toString()) as Plan;
}

function plansOf(body: unknown): readonly Plan[] {
  return (body as TicketsRequest).tickets.map(open);
}

/** One call for everything: the least that signing can cost. */
export interface FloorSignRequest {
  readonly sizes: readonly number[];
  /** Whether the sizes are parts of one object. */
  readonly isMultipart: boolean;
}

export interface FloorSignResponse {
  readonly uploadId: string;
  readonly urls: readonly string[];
}

function signForFloor({ sizes, isMultipart }: FloorSignRequest, storage: string): FloorSignResponse {
  const uploadId = randomUUID();
  const urls = sizes.map((size, index) =>
    isMultipart
      ? presign({ storage, key: uploadId, size, part: { uploadId, partNumber: index + 1 } })
      : presign({ storage, key: randomUUID(), size }),
  );
  return { uploadId, urls };
}

/** As Uppy's `signRequest` asks: one call for each request to storage. */
export interface PeerSignRequest {
  readonly key: string;
  readonly method?: string;
  readonly uploadId?: string;
  readonly partNumber?: number;
}

function signForPeer({ key, method, uploadId, partNumber }: PeerSignRequest, storage: string): string {
  const name = encodeURIComponent(key);
  if (uploadId !== undefined && partNumber !== undefined)
    return presign({ storage, key: name, part: { uploadId, partNumber } });
  if (uploadId !== undefined)
    return presign({ storage, key: name, query: `uploadId=${encodeURIComponent(uploadId)}` });
  return presign({ storage, key: name, ...(method === 'POST' && { query: 'uploads=' }) });
}
