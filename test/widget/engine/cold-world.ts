// A signer, a bucket, a clock and a page in memory, behind the ports of an Uploader; each test bends what it needs.
import { createHash, webcrypto } from 'node:crypto';
import type { FileRequest, PartRequest } from '../../../server/protocol.js';
import type { SendOptions } from '../../../widget/engine/ports.js';
import { createMemoryStore } from '../../../widget/engine/resume/memory-store.js';
import { storageError } from '../../../widget/engine/transport.js';
import {
  type FileSnapshot,
  type UploadChangeEvent,
  Uploader,
  type UploaderPorts,
} from '../../../widget/engine/uploader.js';
import { FakeSigner } from './fake-signer.js';
import { VirtualTime } from './virtual-time.js';

// Digests come in turn, as on pages that came by plain http: the browser's own come whenever a thread is free.
Object.defineProperty(globalThis, 'crypto', {
  value: { getRandomValues: (array: Uint8Array) => webcrypto.getRandomValues(array) },
  configurable: true,
});

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
export class FakeWorld extends FakeSigner {
  readonly calls: Call[] = [];
  readonly sent: Sent[] = [];
  readonly answers = new Map<string, Answer>();
  sending: Sending | undefined;
  /** Whether the bucket's origin answers the probe of a page that is not let in. */
  isBucketUp = true;
  isHidden = false;
  /** What is told when the page wakes up. */
  readonly wakers = new Set<() => void>();
  readonly time = new VirtualTime();
  readonly resumeStore = createMemoryStore();
  /** Sizes of the bodies that were hashed. */
  readonly hashed: number[] = [];

  readonly ports: Partial<UploaderPorts> = {
    now: () => this.time.nowMs,
    random: () => 0.5,
    resumeStore: this.resumeStore,
    host: {
      isHidden: () => this.isHidden,
      onWake: (listener) => {
        this.wakers.add(listener);
        return () => this.wakers.delete(listener);
      },
    },
    hasher: {
      md5: async (body, signal) => {
        const bytes = new Uint8Array(body instanceof Blob ? await body.arrayBuffer() : body);
        this.hashed.push(bytes.length);
        signal.throwIfAborted();
        return createHash('md5').update(bytes).digest('base64');
      },
    },
    sleep: (delayMs, signal) => this.time.sleep(delayMs, signal),
    fetch: async (input, init = {}) => {
      const { origin, pathname: path } = new URL(input as string);
      if (origin === this.bucketOrigin) return this.#probe();
      const text = typeof init.body === 'string' ? init.body : '{}';
      const body = JSON.parse(text) as Call['body'];
      const call = { path, body, init, bytes: new TextEncoder().encode(text).length };
      this.calls.push(call);
      return (await this.answers.get(path)?.(call)) ?? this.answer(call);
    },
    send: async (request, body, options) => {
      this.sent.push({ url: request.url, headers: request.headers, size: body.size });
      if (this.sending) return this.sending(request.url, body, options);
      this.store(request.url, body.size);
      options.onProgress(body.size);
    },
  };

  get nowMs(): number {
    return this.time.nowMs;
  }

  set nowMs(nowMs: number) {
    this.time.nowMs = nowMs;
  }

  get pauses(): readonly number[] {
    return this.time.pauses;
  }

  wake(): void {
    for (const waker of this.wakers) waker();
  }

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

  /** What the signer says when no test has replaced it. */
  answer({ path, body }: Pick<Call, 'path' | 'body'>): Response {
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
      case '/v1/uploads/sign':
        return json({ results: requests.map(({ ticket, parts }) => this.sign(ticket, parts)) });
      case '/v1/uploads/status':
        return json({ results: tickets.map((ticket) => this.statusOf(ticket)) });
      case '/v1/uploads/complete':
        return json({ files: tickets.map((ticket) => this.completed(ticket)) });
      case '/v1/uploads/abort':
        return json({ results: tickets.map((ticket) => this.abort(ticket)) });
      case '/healthz':
        return json({ status: 'ok' });
      default:
        return new Response('<h1>404</h1>', { status: 404 });
    }
  }

  #probe(): Response {
    if (!this.isBucketUp) throw new TypeError('fetch failed');
    return new Response(null, { status: 200 });
  }
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

export function textFile(name = 'a.txt', size = 3, text = 'x'): File {
  return new File([text.repeat(size)], name, { type: 'text/plain' });
}

export function pick(...files: readonly File[]): readonly { readonly file: File }[] {
  return files.map((file) => ({ file }));
}

/** An error of storage as the transport throws it; 0 is no answer at all. */
export function refusal(status: number, code = 'AccessDenied', retryAfterSeconds?: number): Error {
  return storageError(status, code && `<Error><Code>${code}</Code></Error>`, retryAfterSeconds);
}

/** What a fetch without an answer throws. */
export function noAnswer(): Promise<never> {
  return Promise.reject(new TypeError('fetch failed'));
}

/** What the browser says of the network, until disposed. */
export function withOnline(isOnline: boolean): Disposable & { isOnline: boolean } {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const network = {
    isOnline,
    [Symbol.dispose]: () => {
      if (before) Object.defineProperty(globalThis, 'navigator', before);
      else Reflect.deleteProperty(globalThis, 'navigator');
    },
  };
  const value = {
    get onLine() {
      return network.isOnline;
    },
  };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
  return network;
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

/** Uploads one file until nothing is left to do. */
export async function uploadOne(
  world: FakeWorld,
  file = textFile(),
  options: Parameters<FakeWorld['uploader']>[0] = {},
): Promise<FileSnapshot> {
  const uploader = world.uploader(options);
  uploader.add(pick(file));
  await idle(uploader);
  return only(uploader);
}
