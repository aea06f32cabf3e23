// Where sending begins: a new plan from the signer, or the one of an earlier run with what storage holds of it.
import type {
  FileRequest,
  MultipartUpload,
  PutUpload,
  SitePolicy,
  UploadStatus,
} from '../../../server/protocol.js';
import type { PickedFile } from '../ports.js';
import type { PreparedFacts } from '../snapshot.js';
import type { RunMemory } from '../upload.js';
import { partNumbers, partRange, type UploadPlan } from '../upload-plan.js';
import { UploadError } from '../upload-error.js';
import { partSizeHint } from './line-speed.js';
import { giveUpUpload, keepRecord, keepRecordAgain, type Print, printOf, recordWritten } from './records.js';
import type { Job } from './run.js';
import { hashBody, readSmall } from './hash-body.js';
import type { SignedPartRequest } from './send-part.js';

/** The signer takes no longer ones. */
const MAX_ALT_TEXT = 1000;
const LONE_SURROGATE = /\p{Cs}/gu;

/** An upload that the signer knows, and what is still to be sent. */
export interface OpenUpload {
  readonly plan: UploadPlan;
  readonly missing: readonly number[];
  readonly storedBytes: number;
  readonly signed: ReadonlyMap<number, SignedPartRequest>;
  /** Gives the bytes of a small body that was read for its plan, once: who sends them holds them alone. */
  readonly takeBytes?: () => ArrayBuffer | undefined;
}

export interface Content {
  readonly body: Blob;
  readonly facts: PreparedFacts;
}

export interface Opening {
  readonly content: Content;
  /** The part size to ask for; by the line's speed when absent. */
  readonly hintBytes: number | undefined;
  /** What makes it a rendition of another upload. */
  readonly belonging?: Pick<FileRequest, 'renditionOf' | 'rendition'>;
  /** Told when the file is handed to the call that plans. */
  readonly arrived: () => void;
}

/** Goes on with the plan at hand, or makes one. */
export async function openUpload(job: Job, policy: SitePolicy, opening: Opening): Promise<OpenUpload> {
  const { plan } = job.memory();
  if (!plan) return createUpload(job, policy, opening);
  job.signal.throwIfAborted();
  keepRecordAgain(job, plan, opening.content);
  const status = await job.patience.keepTrying(() => job.client.status.add(plan));
  await recordWritten(job, plan);
  return lookAt(job, plan, { status, size: opening.content.body.size });
}

/** What is missing of an upload that is gone on with. @throws {UploadError} `upload-gone` */
export function lookAt(
  { memory }: Pick<Job, 'memory'>,
  plan: UploadPlan,
  { status, size }: { readonly status: UploadStatus; readonly size: number },
): OpenUpload {
  const open = continueUpload(plan, status, size);
  return status.state === 'stored' ? open : withoutDoubted(open, memory().doubted ?? new Set(), size);
}

/** Counts parts that storage holds among the missing. */
export function withoutDoubted(open: OpenUpload, doubted: ReadonlySet<number>, size: number): OpenUpload {
  const { plan } = open;
  const again = [...doubted].filter((partNumber) => !open.missing.includes(partNumber));
  const bytes = again.reduce((sum, partNumber) => {
    const { start, end } = partRange(plan, partNumber, size);
    return sum + end - start;
  }, 0);
  const missing = [...open.missing, ...again].toSorted((a, b) => a - b);
  return { ...open, missing, storedBytes: open.storedBytes - bytes };
}

/** What is missing, judged by what storage holds. @throws {UploadError} `upload-gone` */
export function continueUpload(plan: UploadPlan, { state, parts }: UploadStatus, size: number): OpenUpload {
  if (state === 'gone')
    throw new UploadError('upload-gone', 'Storage has lost the upload.', { retryable: true });
  const open = { plan, signed: new Map() };
  if (state === 'stored') return { ...open, missing: [], storedBytes: size };
  const held = new Map(parts.map((part) => [part.partNumber, part.size]));
  const bytesOf = (partNumber: number) => {
    const { start, end } = partRange(plan, partNumber, size);
    return end - start;
  };
  const numbers = partNumbers(plan);
  // A part of another size would make the whole a wrong one.
  const missing = numbers.filter((number) => plan.strategy === 'put' || held.get(number) !== bytesOf(number));
  const lacking = missing.reduce((sum, number) => sum + bytesOf(number), 0);
  return { ...open, missing, storedBytes: size - lacking };
}

async function createUpload(
  job: Job,
  policy: SitePolicy,
  { content, hintBytes, belonging, arrived }: Opening,
): Promise<OpenUpload> {
  const { body, facts } = content;
  const isLarge = body.size > policy.multipart.thresholdBytes;
  const isRead = !isLarge && (policy.integrity || job.store !== undefined);
  const bytes = isRead ? await job.patience.keepTrying(() => readSmall(body, job.signal)) : undefined;
  const md5 = policy.integrity && !isLarge ? await hashPatiently(job, bytes ?? body) : undefined;
  const { nonce: earlierNonce } = job.memory();
  const nonce = earlierNonce ?? createNonce();
  job.remember({ nonce });
  const hint = isLarge ? (hintBytes ?? partSizeHint(body.size, job.concurrency)) : undefined;
  const request: FileRequest = {
    ...fileRequest(job.picked, facts),
    ...(belonging ?? describe(job.memory())),
    ...(md5 === undefined ? {} : { md5 }),
    ...(hint === undefined ? {} : { partSizeHint: hint }),
    nonce,
  };
  let print: Print | undefined;
  let isRepeated = earlierNonce !== undefined;
  const signedAtMs = job.now();
  const planned = await job.patience.keepTrying(() => {
    const creating = job.client.create.add(isRepeated ? { ...request, repeated: true } : request);
    isRepeated = true;
    arrived();
    // While the call is under way, for it is needed as soon as the plan is there.
    print ??= printOf(job, content, { md5, bytes });
    return creating;
  });
  const open = take(job, planned, { content, request, signedAtMs, print });
  await recordWritten(job, open.plan);
  return { ...open, takeBytes: handOver(bytes) };
}

function handOver<T>(thing: T): () => T | undefined {
  let held: T | undefined = thing;
  return () => {
    const given = held;
    held = undefined;
    return given;
  };
}

/** Whoever wrote it may have written more, or other than one line. */
function describe({ altText = '' }: RunMemory): Pick<FileRequest, 'altText'> {
  const text = altText
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_ALT_TEXT)
    .replace(LONE_SURROGATE, '');
  return text === '' ? {} : { altText: text };
}

/** 128 random bits, as base64url. */
export function createNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(
    /[+/=]/g,
    (char) => ({ '+': '-', '/': '_' })[char] ?? '',
  );
}

function hashPatiently(job: Job, body: Blob | ArrayBuffer): Promise<string> {
  return job.patience.keepTrying(() => hashBody(job, body, job.signal));
}

/** Remembers what was agreed, even when the run was stopped meanwhile: nothing is planned twice. */
function take(
  job: Job,
  planned: PutUpload | MultipartUpload,
  {
    content,
    request,
    signedAtMs,
    print,
  }: {
    readonly content: Content;
    readonly request: FileRequest;
    readonly signedAtMs: number;
    readonly print: Print | undefined;
  },
): OpenUpload {
  const plan = planOf(planned);
  const { md5, nonce, altText = '' } = request;
  const digests = new Map(md5 === undefined ? [] : [[1, md5]]);
  // What was written meanwhile came too late.
  job.remember({ plan, nonce, altText, digests, storedBytes: 0, giveUp: () => giveUpUpload(job, plan) });
  const current = job.memory().plan;
  // A pause in the moment of planning may be the page's end; what was removed is forgotten already.
  if (current?.id === plan.id) keepRecord(job, plan, { ...content, print });
  // The run that took over was planned otherwise: by a signer that did not know of this plan.
  else if (current) void job.client.abort(plan);
  job.signal.throwIfAborted();
  const requests = planned.strategy === 'put' ? [{ partNumber: 1, request: planned.request }] : planned.parts;
  const signed = new Map(requests.map(({ partNumber, request }) => [partNumber, { request, signedAtMs }]));
  return { plan, missing: partNumbers(plan), storedBytes: 0, signed };
}

function planOf(planned: PutUpload | MultipartUpload): UploadPlan {
  const { id, ticket, strategy } = planned;
  if (strategy === 'put') return { id, ticket, strategy };
  return { id, ticket, strategy, partSize: planned.partSize, partCount: planned.partCount };
}

function fileRequest({ relativePath }: PickedFile, { name, size, type }: PreparedFacts): FileRequest {
  const file = { name, size, type };
  if (!relativePath?.includes('/')) return file;
  // The folder is the chooser's, the name is the prepared file's: an image may have got a new extension.
  return { ...file, relativePath: relativePath.slice(0, relativePath.lastIndexOf('/') + 1) + name };
}
