// A signer and a bucket in memory, behind the ports of an Uploader; each test bends what it needs.
import type {
  CompletedFile,
  CreateUploadsResponse,
  FileRequest,
  PartRequest,
  Problem,
  PutUpload,
  SignedPart,
  SitePolicy,
  UploadStatus,
} from '../../../server/protocol.js';
import type { SendOptions } from '../../../widget/engine/ports.js';
import { createMemoryStore } from '../../../widget/engine/resume/memory-store.js';
import { storageError } from '../../../widget/engine/transport.js';
import type { UploaderPorts } from '../../../widget/engine/uploader.js';
import { TEST_POLICY } from '../../support/test-policy.js';
import { type FileSnapshot, type UploadChangeEvent, Uploader } from '../../../widget/engine/uploader.js';

export const POLICY: SitePolicy = {
  ...TEST_POLICY,
  image: { ...TEST_POLICY.image, format: 'auto', metadata: 'strip' },
  multipart: { thresholdBytes: 1000, minPartBytes: 1, maxPartBytes: 1000, maxParts: 10 },
  integrity: false,
  visibility: 'private',
};

export interface Call {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly bytes: number;
  readonly init: RequestInit;
}

export interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly size: number;
}

const WATCH_TICK_MS = 2000;

/** Everything that is ready to happen now has happened. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

type Answer = (call: Call) => Response | Promise<Response> | undefined;
type Sending = (url: string, body: Blob, options: SendOptions) => Promise<void>;

/** The signer's answers can be replaced by path, the bucket's as a whole. */
export class FakeWorld {
  policy: SitePolicy = POLICY;
  readonly calls: Call[] = [];
  readonly sent: Sent[] = [];
  /** Ids of the uploads whose object is in the bucket. */
  readonly stored = new Set<string>();
  readonly answers = new Map<string, Answer>();
  sending: Sending | undefined;
  nowMs = 0;
  /** Bytes of each part of files above the threshold. */
  partSize = 100;
  /** Parts that the bucket holds, by upload id. */
  readonly parts = new Map<string, Map<number, number>>();
  /** Multipart uploads that the bucket has lost. */
  readonly gone = new Set<string>();
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: number[] = [];
  isHidden = false;
  /** What is told when the page wakes up. */
  readonly wakers = new Set<() => void>();
  readonly resumeStore = createMemoryStore();
  #planned = new Map<string, FileRequest>();
  #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();

  readonly ports: Partial<UploaderPorts> = {
    now: () => this.nowMs,
    random: () => 0.5,
    resumeStore: this.resumeStore,
    host: {
      isHidden: () => this.isHidden,
      onWake: (listener) => {
        this.wakers.add(listener);
        return () => this.wakers.delete(listener);
      },
    },
    sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
    fetch: async (input, init = {}) => {
      const path = new URL(input as string).pathname;
      const text = typeof init.body === 'string' ? init.body : '{}';
      const body = JSON.parse(text) as Call['body'];
      const call = { path, body, init, bytes: new TextEncoder().encode(text).length };
      this.calls.push(call);
      return (await this.answers.get(path)?.(call)) ?? this.#answer(call);
    },
    send: async (request, body, options) => {
      this.sent.push({ url: request.url, headers: request.headers, size: body.size });
      if (this.sending) return this.sending(request.url, body, options);
      this.store(request.url, body.size);
      options.onProgress(body.size);
    },
  };

  /** What the bucket does with a body. */
  store(url: string, size: number): void {
    const id = idOf(url);
    const partNumber = Number(new URL(url).searchParams.get('partNumber'));
    if (partNumber === 0) this.stored.add(id);
    else this.parts.set(id, new Map(this.parts.get(id)).set(partNumber, size));
  }

  /** Lets time pass; what sleeps until then wakes in order. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].toSorted((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.#sleepers.delete(next);
      next.wake();
    }
    this.nowMs = untilMs;
  }

  /** Pauses between tries pass at once; the ticks of the watchdog wait for `advance`. */
  #sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    if (delayMs !== WATCH_TICK_MS) this.pauses.push(delayMs);
    return new Promise((resolve, reject) => {
      const sleeper = { atMs: this.nowMs + delayMs, wake: resolve };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      });
      if (delayMs === WATCH_TICK_MS || this.holdsPauses) return;
      setImmediate(() => {
        if (!this.#sleepers.delete(sleeper)) return;
        this.nowMs = Math.max(this.nowMs, sleeper.atMs);
        resolve();
      });
    });
  }

  /** Pauses, too, wait for `advance`. */
  holdsPauses = false;

  callsOf(path: string): readonly Call[] {
    return this.calls.filter((call) => call.path === path);
  }

  uploader(
    options: Partial<ConstructorParameters<typeof Uploader>[0]> = {},
    ports: Partial<UploaderPorts> = {},
  ) {
    return new Uploader(
      { siteKey: 'pk_test', signer: 'https://signer.test', ...options },
      { ...this.ports, ...ports },
    );
  }

  plan(file: FileRequest): CreateUploadsResponse['uploads'][number] {
    const id = `id${this.#planned.size + 1}`;
    this.#planned.set(id, file);
    const ticket = `ticket-${id}`;
    if (file.size <= this.policy.multipart.thresholdBytes) {
      return { id, ticket, strategy: 'put', request: this.request(id, 'first') };
    }
    const { partSize } = this;
    const partCount = Math.ceil(file.size / partSize);
    return { id, ticket, strategy: 'multipart', partSize, partCount, parts: [] };
  }

  partRequest(id: string, partNumber: number): SignedPart {
    const url = `https://bucket.test/${id}?partNumber=${partNumber}&signature=fresh`;
    return { partNumber, request: { method: 'PUT', url, headers: {}, expiresInSeconds: 900 } };
  }

  statusOf(ticket: string): UploadStatus {
    const id = ticket.slice('ticket-'.length);
    if (this.stored.has(id)) return { id, state: 'stored', parts: [] };
    if (this.gone.has(id)) return { id, state: 'gone', parts: [] };
    const parts = [...(this.parts.get(id) ?? [])].map(([partNumber, size]) => ({ partNumber, size }));
    const inOrder = parts.toSorted((a, b) => a.partNumber - b.partNumber);
    return { id, state: parts.length > 0 ? 'partial' : 'pending', parts: inOrder };
  }

  request(id: string, signature: string): PutUpload['request'] {
    const url = `https://bucket.test/${id}?signature=${signature}`;
    return { method: 'PUT', url, headers: { 'content-type': 'text/plain' }, expiresInSeconds: 900 };
  }

  completed(ticket: string): CompletedFile | { readonly error: Problem } {
    const id = ticket.slice('ticket-'.length);
    const { name = '', size = 0, type = '' } = this.#planned.get(id) ?? {};
    if (this.gone.has(id)) return { error: problem('upload-gone') };
    const isMultipart = size > this.policy.multipart.thresholdBytes;
    const held = [...(this.parts.get(id)?.values() ?? [])].reduce((sum, bytes) => sum + bytes, 0);
    if (isMultipart && held !== size && !this.stored.has(id)) {
      return { error: problem('parts-missing', { retryable: true }) };
    }
    if (isMultipart) this.stored.add(id);
    if (!this.stored.has(id)) return { error: problem('not-uploaded', { retryable: true }) };
    return {
      id,
      key: `k/${id}`,
      url: `https://files.test/${id}`,
      name,
      size,
      type,
      etag: '"e"',
      receipt: `r-${id}`,
    };
  }

  #answer({ path, body }: Call): Response {
    const {
      files = [],
      tickets = [],
      requests = [],
    } = body as {
      files?: readonly FileRequest[];
      tickets?: readonly string[];
      requests?: readonly { readonly ticket: string; readonly parts?: readonly PartRequest[] }[];
    };
    switch (path) {
      case '/v1/sites/pk_test':
        return json(this.policy);
      case '/v1/uploads':
        return json({ uploads: files.map((file) => this.plan(file)) }, 201);
      case '/v1/uploads/sign': {
        const results = requests.map(({ ticket, parts }) => {
          const id = ticket.slice('ticket-'.length);
          if (!parts) return { id, request: this.request(id, 'fresh') };
          return { id, parts: parts.map(({ partNumber }) => this.partRequest(id, partNumber)) };
        });
        return json({ results });
      }
      case '/v1/uploads/status':
        return json({ results: tickets.map((ticket) => this.statusOf(ticket)) });
      case '/v1/uploads/complete':
        return json({ files: tickets.map((ticket) => this.completed(ticket)) });
      case '/v1/uploads/abort':
        return json({ results: tickets.map((ticket) => ({ id: ticket.slice('ticket-'.length) })) });
      case '/healthz':
        return json({ status: 'ok' });
      default:
        return new Response('<h1>404</h1>', { status: 404 });
    }
  }
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

export function problem(code: Problem['code'], more: Partial<Problem> = {}): Problem {
  return {
    type: `urn:b2-uploader:problem:${code}`,
    title: code,
    status: 400,
    code,
    detail: `detail of ${code}`,
    retryable: false,
    requestId: 'r',
    ...more,
  };
}

export function textFile(name = 'a.txt', size = 3): File {
  return new File(['x'.repeat(size)], name, { type: 'text/plain' });
}

export function pick(...files: readonly File[]): readonly { readonly file: File }[] {
  return files.map((file) => ({ file }));
}

/** An error of storage as the transport throws it; 0 is no answer at all. */
export function refusal(status: number): Error {
  return storageError(status, '<Error><Code>AccessDenied</Code></Error>');
}

export function idOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

export function idle(uploader: Uploader): Promise<void> {
  return new Promise((resolve) => uploader.addEventListener('idle', () => resolve(), { once: true }));
}

/** Resolves once a file's snapshot fulfils a condition. */
export function until(uploader: Uploader, fits: (file: FileSnapshot) => boolean): Promise<FileSnapshot> {
  return new Promise((resolve) => {
    uploader.addEventListener('change', (event) => {
      const { file } = event as UploadChangeEvent;
      if (fits(file)) resolve(file);
    });
  });
}

/** Every change as it happens. */
export function record(uploader: Uploader): readonly UploadChangeEvent[] {
  const changes: UploadChangeEvent[] = [];
  uploader.addEventListener('change', (event) => changes.push(event as UploadChangeEvent));
  return changes;
}

/** The only file of an uploader. */
export function only(uploader: Uploader): FileSnapshot {
  const [file] = uploader.files;
  if (!file || uploader.files.length !== 1) throw new Error(`${uploader.files.length} files`);
  return file;
}
