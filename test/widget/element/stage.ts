// A page with the element, the real engine, and a world in which every send waits for the test's word.
import { fixture, html, waitUntil } from '@open-wc/testing';
import { B2Uploader } from '../../../widget/element/b2-uploader.js';
import '../../../widget/define.js';
import { createMemoryStore } from '../../../widget/engine/resume/memory-store.js';
import { UploadError } from '../../../widget/engine/upload-error.js';
import {
  Uploader,
  type FileSnapshot,
  type UnfinishedUpload,
  type UploaderPorts,
} from '../../../widget/engine/uploader.js';
import { TEST_POLICY } from '../../support/test-policy.js';
import type { ErrorCode, FileRequest, SignedRequest, SitePolicy } from '../../../server/protocol.js';

export interface Sending {
  readonly name: string;
  progress(sentBytes: number): void;
  finish(): void;
  fail(code: ErrorCode, retryable?: boolean): void;
  /** A fault that the engine itself tries again. */
  stall(code: ErrorCode): void;
}

export class Stage {
  /** Sends under way, in order. */
  readonly sends: Sending[] = [];
  /** Event types as they came. */
  readonly heard: string[] = [];
  policy: Partial<SitePolicy> = {};
  /** Answers every request of the signer with this problem. */
  problem: { readonly code: string; readonly status: number } | undefined;
  /** Every send meets this fault, which the engine tries again. */
  stalling: ErrorCode | undefined;
  /** Storage takes everything at once. */
  isQuick = false;

  /** What an earlier visit left unfinished. */
  unfinished: readonly UnfinishedUpload[] = [];
  /** Commands about it, as they came: `restore id` or `discard id id`. */
  readonly commands: string[] = [];

  readonly #stored = new Set<string>();

  constructor() {
    B2Uploader.createUploader = (options, ports) => {
      const uploader = new Uploader(options, { ...ports, ...this.#ports });
      return Object.assign(uploader, this.#earlierVisit(uploader));
    };
  }

  /** A file's send, once it is under way. */
  async sending(name: string): Promise<Sending> {
    const find = (): Sending | undefined => this.sends.find((send) => send.name === name);
    // Calls of the signer are gathered for a moment.
    await waitUntil(find, `${name} is sent`, { timeout: 4000 });
    return find()!;
  }

  async mount(attributes: Readonly<Record<string, string | boolean>> = {}): Promise<B2Uploader> {
    const element = document.createElement('b2-uploader');
    write(element, { 'site-key': 'pk_test', signer: 'https://signer.test', multiple: true, ...attributes });
    mounted.push(element);
    for (const type of EVENTS) element.addEventListener(type, () => this.heard.push(type));
    await fixture(html`<div>${element}</div>`);
    await element.updateComplete;
    if (!this.problem && element.siteKey !== '') await element.loadPolicy();
    await element.updateComplete;
    return element;
  }

  #earlierVisit(uploader: Uploader): Pick<Uploader, 'unfinished' | 'restore' | 'discard'> {
    const forget = (ids: readonly string[]): void => {
      this.unfinished = this.unfinished.filter(({ id }) => !ids.includes(id));
    };
    return {
      unfinished: async () => this.unfinished,
      restore: async (id, picked): Promise<FileSnapshot | undefined> => {
        this.commands.push(`restore ${id}`);
        const entry = this.unfinished.find((one) => one.id === id);
        forget([id]);
        if (!entry || entry.name.startsWith('changed')) return undefined;
        return uploader.add([picked ?? { file: file(entry.name, entry.size) }]).added[0];
      },
      discard: async (ids) => {
        this.commands.push(`discard ${ids.join(' ')}`);
        forget(ids);
      },
    };
  }

  readonly #ports: Partial<UploaderPorts> = {
    resumeStore: createMemoryStore(),
    // The longest pauses, so that a wait is there to be seen.
    random: () => 1,
    fetch: async (input, init) => this.#answer(new Request(input, init)),
    send: (request, body, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        const finish = (): void => {
          onProgress(body.size);
          this.#stored.add(name);
          resolve();
        };
        const fail = (code: ErrorCode, retryable = true): void =>
          reject(new UploadError(code, code, { retryable }));
        const stall = (code: ErrorCode): void =>
          reject(new UploadError(code, code, { retryable: true, persistence: 'long' }));
        this.sends.push({ name, finish, fail, stall, progress: onProgress });
        if (this.stalling) stall(this.stalling);
        if (this.isQuick) finish();
      }),
  };

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    if (this.problem) {
      const { code, status } = this.problem;
      return Response.json({ code, status, title: code, detail: code, retryable: false }, { status });
    }
    if (pathname.startsWith('/v1/sites/')) return Response.json({ ...POLICY, ...this.policy });
    if (pathname === '/v1/uploads') return Response.json({ uploads: plan(body) }, { status: 201 });
    if (pathname === '/v1/uploads/complete') return Response.json({ files: finish(body, this.#stored) });
    if (pathname === '/v1/uploads/status') return Response.json({ results: tell(body, this.#stored) });
    if (pathname === '/v1/uploads/sign') return Response.json({ results: signAgain(body) });
    return Response.json({ results: [] });
  }
}

// What is under way ends with its test: requests to storage are counted for the whole page.
const mounted: B2Uploader[] = [];
afterEach(() => {
  for (const element of mounted.splice(0)) element.clear();
});

const POLICY: SitePolicy = { ...TEST_POLICY, maxFiles: 100 };

const EVENTS = [
  'b2-add',
  'b2-reject',
  'b2-start',
  'b2-progress',
  'b2-success',
  'b2-error',
  'b2-remove',
  'b2-complete',
  'input',
  'change',
];

let lastId = 0;

function plan(body: string): readonly object[] {
  const { files }: { files: readonly FileRequest[] } = JSON.parse(body);
  return files.map((file) => {
    lastId += 1;
    const id = `id${lastId}`;
    return { id, ticket: JSON.stringify({ ...file, id }), strategy: 'put', request: sign(file.name) };
  });
}

function sign(name: string): SignedRequest {
  const url = `https://bucket.test/${encodeURIComponent(name)}`;
  return { method: 'PUT', url, headers: {}, expiresInSeconds: 900 };
}

function signAgain(body: string): readonly object[] {
  const { requests }: { requests: readonly { ticket: string }[] } = JSON.parse(body);
  return requests.map(({ ticket }) => {
    const { id, name }: { id: string; name: string } = JSON.parse(ticket);
    return { id, request: sign(name) };
  });
}

function tell(body: string, stored: ReadonlySet<string>): readonly object[] {
  const { tickets }: { tickets: readonly string[] } = JSON.parse(body);
  return tickets.map((text) => {
    const { id, name }: { id: string; name: string } = JSON.parse(text);
    return { id, state: stored.has(name) ? 'stored' : 'pending', parts: [] };
  });
}

function finish(body: string, stored: ReadonlySet<string>): readonly object[] {
  const { tickets }: { tickets: readonly string[] } = JSON.parse(body);
  return tickets.map((text) => {
    const { id, name, size, type }: FileRequest & { id: string } = JSON.parse(text);
    const key = `up/${id}`;
    if (!stored.has(name)) {
      return { error: { code: 'not-uploaded', status: 409, detail: 'Not there.', retryable: true } };
    }
    return {
      id,
      key,
      url: `https://cdn.test/${key}`,
      name,
      size,
      type,
      etag: '"e"',
      receipt: `receipt-${id}`,
    };
  });
}

export function write(element: Element, attributes: Readonly<Record<string, string | boolean>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') element.setAttribute(name, value);
    else element.toggleAttribute(name, value);
  }
}

export function file(name: string, size = 1000, type = 'image/png'): File {
  return new File([new Uint8Array(size)], name, { type });
}

/** The first element of a part. */
export function part(element: Element, name: string): HTMLElement {
  return parts(element, name)[0]!;
}

export function parts(element: Element, name: string): HTMLElement[] {
  return [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~=${name}]`)];
}

/** The button or link with this accessible name. */
export function control(element: Element, name: string): HTMLElement {
  const all = element.shadowRoot!.querySelectorAll<HTMLElement>('button, a');
  const named = [...all].find((one) => (one.ariaLabel ?? one.textContent.trim()) === name);
  if (!named) throw new Error(`No control is named "${name}".`);
  return named;
}

/** Everything that a row says, spaces folded. */
export function rowTexts(element: Element): string[] {
  return parts(element, 'item').map((row) => row.textContent.replace(/\s+/g, ' ').trim());
}

/** Chooses files in the dialog. */
export async function choose(element: B2Uploader, ...files: File[]): Promise<void> {
  const input = element.shadowRoot!.querySelector<HTMLInputElement>('input[type=file]')!;
  input.files = transferOf(...files).files;
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await element.updateComplete;
}

export function transferOf(...files: File[]): DataTransfer {
  const transfer = new DataTransfer();
  for (const one of files) transfer.items.add(one);
  return transfer;
}

export async function drag(
  target: Element,
  type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
  dataTransfer: DataTransfer,
): Promise<DragEvent> {
  const event = new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer });
  target.dispatchEvent(event);
  if (target instanceof B2Uploader) await target.updateComplete;
  return event;
}

/** Reports progress until it is drawn: the engine passes on one report in a tenth of a second. */
export async function advance(send: Sending, sentBytes: number, isDrawn: () => unknown): Promise<void> {
  await waitUntil(() => {
    send.progress(sentBytes);
    return isDrawn();
  });
}

/** What screen readers were told. */
export function announced(element: Element): string {
  return [...element.shadowRoot!.querySelectorAll('[role=status] p')].map((one) => one.textContent).join(' ');
}

export async function idle(element: B2Uploader): Promise<void> {
  await waitUntil(
    () => !element.matches(':state(busy)') && element.files.every(({ status }) => status !== 'queued'),
    'nothing is left to do',
    { timeout: 4000 },
  );
  await element.updateComplete;
}
