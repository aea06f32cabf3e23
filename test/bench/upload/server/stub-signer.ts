// The signer's contract in its cheapest form: nothing is sealed, nothing is signed, all that counts is checked.
import { randomUUID } from 'node:crypto';
import {
  MAX_PART_BYTES,
  MAX_PARTS,
  MIN_PART_BYTES,
  planParts,
  sizeOfPart,
} from '../../../../server/plan-parts.js';
import type {
  CompletedFile,
  CreateUploadsRequest,
  Failed,
  FileRequest,
  MultipartUpload,
  PartRequest,
  PutUpload,
  SignedPart,
  SignedRequest,
  SignRequest,
  SitePolicy,
  TicketsRequest,
  UploadStatus,
} from '../../../../server/protocol.js';
import { TEST_POLICY } from '../../../support/test-policy.js';
import type { ObjectStore } from './object-store.js';
import { signForFloor, signForPeer, type FloorSignRequest, type PeerSignRequest } from './other-signers.js';
import { signedPut } from './presign.js';

/** The site that has integrity switched on; every other has it off. */
export const INTEGRITY_SITE = 'pk_bench_integrity_on';

/** Parts that are signed with the plan, as the real signer does. */
const FIRST_PARTS = 12;

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

export interface StubWorld {
  readonly store: ObjectStore;
  /** Origin of storage. */
  readonly storage: string;
  /** A larger file is sent in parts. */
  readonly thresholdBytes: number;
}

export interface StubSigner {
  policy(siteKey: string): SitePolicy;
  /** Answers one POST. @returns Undefined for an unknown path. */
  answer(path: string, body: string): object | undefined;
}

export function createStubSigner(world: StubWorld): StubSigner {
  const { store, storage, thresholdBytes } = world;
  const routes: Readonly<Record<string, (body: unknown) => object>> = {
    '/v1/uploads': (body) => {
      const { siteKey, files } = body as CreateUploadsRequest;
      const firstParts = siteKey === INTEGRITY_SITE ? 0 : FIRST_PARTS;
      return { uploads: files.map((file) => planFile(world, file, firstParts)) };
    },
    '/v1/uploads/sign': (body) => ({
      results: (body as SignRequest).requests.map((wanted) => sign(wanted, storage)),
    }),
    '/v1/uploads/status': (body) => ({ results: plansOf(body).map((plan) => statusOf(store, plan)) }),
    '/v1/uploads/complete': (body) => ({ files: plansOf(body).map((plan) => complete(world, plan)) }),
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
        thresholdBytes,
        minPartBytes: MIN_PART_BYTES,
        maxPartBytes: MAX_PART_BYTES,
        maxParts: MAX_PARTS,
      },
    }),
    answer: (path, body) => routes[path]?.(JSON.parse(body)),
  };
}

function planFile(
  { storage, thresholdBytes }: StubWorld,
  { name, size, type, md5, partSizeHint }: FileRequest,
  firstParts: number,
): PutUpload | MultipartUpload {
  const id = randomUUID();
  const plan: Plan = {
    id,
    key: `2026/11/22/${id}.bin`,
    name,
    size,
    type: type || 'application/octet-stream',
    padding: 'x'.repeat(120),
  };
  if (size <= thresholdBytes)
    return { id, ticket: seal(plan), strategy: 'put', request: putRequest(plan, storage, md5) };
  const parts = planParts(size, partSizeHint === undefined ? {} : { hintBytes: partSizeHint });
  const inParts = { ...plan, partSize: parts.partSize };
  const first = Array.from({ length: Math.min(firstParts, parts.partCount) }, (_, index) =>
    signPart(inParts, { partNumber: index + 1 }, storage),
  );
  return { id, ticket: seal(inParts), strategy: 'multipart', ...parts, parts: first };
}

type Wanted = SignRequest['requests'][number];

function sign({ ticket, md5, parts }: Wanted, storage: string): object {
  const plan = open(ticket);
  if (!parts) return { id: plan.id, request: putRequest(plan, storage, md5) };
  return { id: plan.id, parts: parts.map((part) => signPart(plan, part, storage)) };
}

function signPart(plan: Plan, { partNumber, md5 }: PartRequest, storage: string): SignedPart {
  const { id, key } = plan;
  const of = { storage, key, size: bytesOfPart(plan, partNumber), part: { uploadId: id, partNumber } };
  return { partNumber, request: signedPut(of, digestHeader(md5)) };
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
  return sizeOfPart(partNumber, size, partSize);
}

function statusOf(store: ObjectStore, plan: Plan): UploadStatus {
  const parts = store.parts(plan.id).map(([partNumber, size]) => ({ partNumber, size }));
  const state = store.size(plan.key) === plan.size ? 'stored' : parts.length > 0 ? 'partial' : 'pending';
  return { id: plan.id, state, parts };
}

function complete({ store, storage }: StubWorld, plan: Plan): CompletedFile | Failed {
  const { id, key, name, size, type, partSize } = plan;
  if (partSize !== undefined && store.size(key) === undefined) {
    const held = new Map(store.parts(id));
    const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1);
    const missing = numbers.filter((number) => held.get(number) !== bytesOfPart(plan, number));
    if (missing.length > 0) return fail(id, 'parts-missing', missing);
    store.finish(key, id);
  }
  if (store.size(key) !== size) return fail(id, 'not-uploaded');
  const url = `${storage}/bench-bucket/${key}`;
  return { id, key, url, name, size, type, etag: '"0"', receipt: 'r'.repeat(400) };
}

function fail(id: string, code: 'parts-missing' | 'not-uploaded', missing?: readonly number[]): Failed {
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
