// A signer and a bucket in memory, behind the ports of an Uploader; each test bends what it needs.
import type { CompletedFile, FileRequest, Problem, PutUpload, SitePolicy } from '../../../server/protocol.js';
import type { SendOptions } from '../../../widget/engine/ports.js';
import { storageError } from '../../../widget/engine/transport.js';
import type { UploaderPorts } from '../../../widget/engine/uploader.js';
import { TEST_POLICY } from '../../support/test-policy.js';
import { type FileSnapshot, type UploadChangeEvent, Uploader } from '../../../widget/engine/uploader.js';

export const POLICY: SitePolicy = {
  ...TEST_POLICY,
  image: { ...TEST_POLICY.image, format: 'auto', metadata: 'strip' },
  multipart: { thresholdBytes: 1, minPartBytes: 1, maxPartBytes: 1, maxParts: 1 },
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
  #planned = new Map<string, FileRequest>();

  readonly ports: Partial<UploaderPorts> = {
    now: () => this.nowMs,
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
      options.onProgress(body.size);
      this.stored.add(idOf(request.url));
    },
  };

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

  plan(file: FileRequest): PutUpload {
    const id = `id${this.#planned.size + 1}`;
    this.#planned.set(id, file);
    return { id, ticket: `ticket-${id}`, strategy: 'put', request: this.request(id, 'first') };
  }

  request(id: string, signature: string): PutUpload['request'] {
    const url = `https://bucket.test/${id}?signature=${signature}`;
    return { method: 'PUT', url, headers: { 'content-type': 'text/plain' }, expiresInSeconds: 900 };
  }

  completed(ticket: string): CompletedFile | { readonly error: Problem } {
    const id = ticket.slice('ticket-'.length);
    const { name = '', size = 0, type = '' } = this.#planned.get(id) ?? {};
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
      requests?: readonly { readonly ticket: string }[];
    };
    switch (path) {
      case '/v1/sites/pk_test':
        return json(this.policy);
      case '/v1/uploads':
        return json({ uploads: files.map((file) => this.plan(file)) }, 201);
      case '/v1/uploads/sign': {
        const ids = requests.map(({ ticket }) => ticket.slice('ticket-'.length));
        return json({ results: ids.map((id) => ({ id, request: this.request(id, 'fresh') })) });
      }
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
