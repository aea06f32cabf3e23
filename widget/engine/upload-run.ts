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
import { isOffline } from './is-offline.js';
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
/** After a line that broke, at once and without a word. */
const SILENT_TRIES = 1;

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

/**
 * Sends the body, twice when the line broke: a single lost connection is nobody's fault.
 * @returns The completed file when it turned up in storage though its answer was lost; else undefined.
 */
async function deliver(delivery: Delivery): Promise<CompletedFile | undefined> {
  const { run, body } = delivery;
  for (let triesLeft = SILENT_TRIES; ; triesLeft -= 1) {
    const request = await freshRequest(delivery);
    run.report({ type: 'send', totalBytes: body.size });
    run.remember({ maybeStored: true });
    const failure = await attempt(delivery, request);
    if (!failure) return undefined;
    run.signal.throwIfAborted();
    const stored = await askStored(delivery, failure);
    if (stored && !(stored instanceof Error)) return stored;
    // Whatever may have arrived is not sent again.
    const isSafe = !stored || stored.code === 'not-uploaded';
    const isBroken = hasStatus(failure.error, 0) && !isOffline();
    if (triesLeft === 0 || !isSafe || !isBroken) throw await explain(delivery, failure);
  }
}

interface FailedAttempt {
  readonly error: unknown;
  /** The last request that was sent. */
  readonly request: SignedRequest;
  readonly allSent: boolean;
}

/** @returns Undefined when storage took the body. */
async function attempt(delivery: Delivery, first: SignedRequest): Promise<FailedAttempt | undefined> {
  const { run, client, upload, body } = delivery;
  const { send: sendBody = sendByXhr } = run.ports;
  let request = first;
  let sentBytes = 0;
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
    return { error, request, allSent: sentBytes >= body.size };
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

/**
 * Looks whether storage has the file although the send failed.
 * @returns The signer's error when it says no, or nothing that helps; undefined when the file cannot be there.
 */
async function askStored(
  { run, client, upload }: Delivery,
  { error, allSent }: FailedAttempt,
): Promise<CompletedFile | UploadError | undefined> {
  // 409 and 412: a request that arrived twice met `if-none-match`.
  const isPossible = (hasStatus(error, 0) && allSent) || hasStatus(error, 409) || hasStatus(error, 412);
  if (!isPossible) return undefined;
  try {
    const file = await client.complete(upload);
    run.report({ type: 'verify' });
    return file;
  } catch (reason) {
    if (reason instanceof UploadError) return reason;
    throw reason;
  } finally {
    run.signal.throwIfAborted();
  }
}

/** Says why a send failed. */
async function explain({ run, body }: Delivery, { error, request }: FailedAttempt): Promise<unknown> {
  if (!hasStatus(error, 0)) return error;
  return diagnose(error, { request, body, signer: run.site.signer, fetch: run.ports.fetch });
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof UploadError && error.status === status;
}
