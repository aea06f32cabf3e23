// One file from start to end, in a straight line: policy, prepare, plan, send, complete.
import type {
  CompletedFile,
  FileRequest,
  PutUpload,
  SignedRequest,
  SitePolicy,
} from '../../server/protocol.js';
import { diagnose } from './diagnose.js';
import { type ImageOptions, narrowImagePolicy } from './image-policy.js';
import type { Fetch, MonotonicNow, PickedFile, Prepare, PreparedFile, Send } from './ports.js';
import { clientFor, type SigningClient, type Ticket } from './signing-client.js';
import type { SiteAccess } from './site-access.js';
import { storageQueue } from './task-queue.js';
import { sendByXhr } from './transport.js';
import { UploadError } from './upload-error.js';
import type { UploadEvent } from './upload-state.js';

/** What outlives a run: a retry and a removal need it. */
export interface RunMemory {
  readonly prepared?: PreparedFile;
  readonly ticket?: Ticket;
  /** Tells the signer that the upload is given up; never throws. */
  readonly giveUp?: () => void;
  /** Whether a send began, so that storage may hold the file whatever we heard. */
  readonly maybeStored?: boolean;
}

export interface Run {
  readonly picked: PickedFile;
  /** What an earlier run left. */
  readonly memory: RunMemory;
  readonly site: SiteAccess;
  readonly image: ImageOptions | undefined;
  readonly concurrency: number;
  readonly ports: {
    readonly fetch: Fetch;
    /** XMLHttpRequest when absent. */
    readonly send?: Send;
    readonly prepare: Prepare;
    readonly now: MonotonicNow;
  };
  readonly signal: AbortSignal;
  /** @throws {UploadError} When the site refuses the file. */
  readonly admit: (policy: SitePolicy) => void;
  readonly remember: (memory: RunMemory) => void;
  readonly report: (event: UploadEvent) => void;
}

interface Delivery {
  readonly run: Run;
  readonly client: SigningClient;
  readonly upload: PutUpload;
  readonly body: Blob;
  /** Monotonic milliseconds before the request was signed. */
  readonly signedAtMs: number;
}

/** A request is not begun so shortly before it expires. */
const EXPIRY_MARGIN_SECONDS = 30;

/**
 * Uploads one file.
 * @returns The file as the signer saw it in storage.
 * @throws {UploadError} The signal's reason when it is aborted.
 */
export async function runUpload(run: Run): Promise<CompletedFile> {
  const { site, signal } = run;
  const client = clientFor(site);
  const earlier = await findEarlier(run, client);
  if (earlier) return earlier;

  const policy = await site.loadPolicy();
  signal.throwIfAborted();
  run.admit(policy);

  run.report({ type: 'prepare' });
  const prepared = await prepare(run, policy);
  signal.throwIfAborted();
  run.remember({ prepared });

  run.report({ type: 'sign' });
  const signedAtMs = run.ports.now();
  const upload = await plan(run, client, prepared);

  const delivery = { run, client, upload, body: prepared.blob, signedAtMs };
  const found = await storageQueue.run(run.concurrency, () => deliver(delivery), signal);
  if (found) return found;
  run.report({ type: 'verify' });
  return client.complete(upload);
}

/** A retry asks for the earlier ticket first, so that nothing is stored twice. */
async function findEarlier(run: Run, client: SigningClient): Promise<CompletedFile | undefined> {
  const { memory, report, signal } = run;
  if (!memory.ticket || !memory.maybeStored) return undefined;
  try {
    const file = await client.complete(memory.ticket);
    report({ type: 'verify' });
    return file;
  } catch (error) {
    signal.throwIfAborted();
    const isUnknown = error instanceof UploadError && error.retryable && error.code !== 'not-uploaded';
    if (isUnknown) throw error;
    return undefined;
  }
}

async function prepare({ picked, ports, image, signal }: Run, policy: SitePolicy): Promise<PreparedFile> {
  try {
    return await ports.prepare(picked.file, narrowImagePolicy(policy.image, image), signal);
  } catch (cause) {
    signal.throwIfAborted();
    const isUnsafe = cause instanceof Error && 'code' in cause && cause.code === 'metadata-not-removed';
    const code = isUnsafe ? 'metadata-not-removed' : 'image-unreadable';
    throw new UploadError(code, 'The image could not be prepared.', { retryable: !isUnsafe, cause });
  }
}

async function plan(run: Run, client: SigningClient, prepared: PreparedFile): Promise<PutUpload> {
  const upload = await client.create(fileRequest(run.picked, prepared));
  const giveUp = () => void client.abort(upload);
  if (run.signal.aborted) giveUp();
  run.signal.throwIfAborted();
  run.remember({ ticket: { id: upload.id, ticket: upload.ticket }, giveUp, maybeStored: false });
  return upload;
}

function fileRequest({ relativePath }: PickedFile, { name, blob, type }: PreparedFile): FileRequest {
  const file = { name, size: blob.size, type };
  if (!relativePath?.includes('/')) return file;
  // The folder is the chooser's, the name is the prepared file's: an image may have got a new extension.
  return { ...file, relativePath: relativePath.slice(0, relativePath.lastIndexOf('/') + 1) + name };
}

/** @returns The completed file when it turned up in storage though its answer was lost; else undefined. */
async function deliver(delivery: Delivery): Promise<CompletedFile | undefined> {
  const { run, client, upload, body } = delivery;
  const { send: sendBody = sendByXhr } = run.ports;
  let sentBytes = 0;
  let request = await freshRequest(delivery);
  run.report({ type: 'send', totalBytes: body.size });
  run.remember({ maybeStored: true });
  const send = () =>
    sendBody(request, body, {
      signal: run.signal,
      onProgress: (bytes) => {
        sentBytes = bytes;
        run.report({ type: 'progress', sentBytes });
      },
    });
  try {
    await send().catch(async (error: unknown) => {
      if (!hasStatus(error, 403) || run.signal.aborted) throw error;
      // Expired after all (a sleeping laptop stops the monotonic clock), or signed with a key that was just rotated.
      request = await client.sign(upload);
      run.signal.throwIfAborted();
      return send();
    });
    return undefined;
  } catch (error) {
    return explain({ ...delivery, error, request, allSent: sentBytes >= body.size });
  }
}

/** The planned request, or a new one when it grew old in the queue. */
async function freshRequest({ run, client, upload, signedAtMs }: Delivery): Promise<SignedRequest> {
  const { request } = upload;
  const ageSeconds = (run.ports.now() - signedAtMs) / 1000;
  const margin = Math.min(EXPIRY_MARGIN_SECONDS, request.expiresInSeconds / 2);
  if (ageSeconds < request.expiresInSeconds - margin) return request;
  const fresh = await client.sign(upload);
  run.signal.throwIfAborted();
  return fresh;
}

interface FailedDelivery extends Delivery {
  readonly error: unknown;
  readonly request: SignedRequest;
  readonly allSent: boolean;
}

/** After a failed send: looks whether storage has the file all the same, else says why it failed. */
async function explain(failed: FailedDelivery): Promise<CompletedFile> {
  const { run, client, upload, body, error, request, allSent } = failed;
  run.signal.throwIfAborted();
  const isUnanswered = hasStatus(error, 0);
  // 409 and 412: a request that arrived twice met `if-none-match`.
  if ((isUnanswered && allSent) || hasStatus(error, 409) || hasStatus(error, 412)) {
    run.report({ type: 'verify' });
    const file = await client.complete(upload).catch(() => undefined);
    if (file) return file;
  }
  if (!isUnanswered) throw error;
  throw await diagnose(error, { request, body, signer: run.site.signer, fetch: run.ports.fetch });
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof UploadError && error.status === status;
}
