// Hears every change of an Uploader and says whether it may be: one step of `transition`, from the snapshot before, never backwards.
import assert from 'node:assert/strict';
import type { FileSnapshot, UploadChangeEvent, Uploader } from '../../../widget/engine/uploader.js';
import {
  type ActiveState,
  transition,
  type UploadEvent,
  type UploadState,
  type UploadStatusName,
} from '../../../widget/engine/upload-state.js';

const FILE = { id: 'i', key: 'k', url: 'u', name: 'n', size: 9, type: 't', etag: 'e', receipt: 'r' };
const ERROR = { code: 'offline', message: '', retryable: true } as const;
const ACTIVE: readonly ActiveState[] = [
  { status: 'queued' },
  { status: 'preparing' },
  { status: 'signing' },
  { status: 'uploading', sentBytes: 0, totalBytes: 9 },
  { status: 'completing' },
];
const STATES: readonly UploadState[] = [
  ...ACTIVE,
  ...ACTIVE.map(
    (during) => ({ status: 'waiting', reason: 'offline', attempt: 1, retryAtMs: 0, during }) as const,
  ),
  { status: 'paused', sentBytes: 0 },
  { status: 'complete', file: FILE },
  { status: 'failed', error: ERROR },
];
const EVENTS: readonly UploadEvent[] = [
  { type: 'prepare' },
  { type: 'sign' },
  { type: 'send', totalBytes: 9 },
  { type: 'progress', sentBytes: 5 },
  { type: 'wait', reason: 'offline', attempt: 1, retryAtMs: 9 },
  { type: 'go-on' },
  { type: 'verify' },
  { type: 'restart' },
  { type: 'complete', file: FILE },
  { type: 'fail', error: ERROR },
  { type: 'retry' },
  { type: 'pause', sentBytes: 0 },
  { type: 'resume' },
];

/** Every step from one status to another that some event makes. */
const STEPS: ReadonlySet<string> = new Set(
  STATES.flatMap((state) =>
    EVENTS.map((event) => [state, transition(state, event)] as const)
      .filter(([before, next]) => next !== before)
      .map(([before, next]) => `${before.status} → ${next.status}`),
  ),
);

/** Where bytes may be counted anew: a new try, a new plan, a pause that stops what is on its way, or none. */
const ANEW: ReadonlySet<UploadStatusName> = new Set(['queued', 'signing', 'paused', 'failed']);

export class ChangeWatch {
  readonly #last = new Map<string, FileSnapshot>();
  readonly #wrong: string[] = [];

  constructor(uploader: Uploader) {
    uploader.addEventListener('change', (event) => this.#hear(event as UploadChangeEvent));
  }

  check(): void {
    assert.deepEqual(this.#wrong, []);
  }

  #hear({ file, previous, removed }: UploadChangeEvent): void {
    const before = this.#last.get(file.id);
    this.#last.set(file.id, file);
    this.#expect(previous === before, 'tells another snapshot before', file);
    this.#expect(Object.isFrozen(file), 'is not frozen', file);
    if (!before) return this.#expect(file.status === 'queued', 'does not begin queued', file);
    if (removed || file === before) return;
    const isStep = STEPS.has(`${before.status} → ${file.status}`) || isPreparedAhead(before, file);
    this.#expect(isStep, `comes from ${before.status}`, file);
    const isBack = file.sentBytes < before.sentBytes && !ANEW.has(file.status);
    this.#expect(!isBack, `has ${before.sentBytes} bytes sent before in ${before.status}, and`, file);
  }

  #expect(isTrue: boolean, claim: string, { name, status, sentBytes }: FileSnapshot): void {
    if (!isTrue) this.#wrong.push(`${name} ${claim} ${status} (${sentBytes} bytes)`);
  }
}

/** What waits for its start goes on waiting, with the size that will be sent. */
function isPreparedAhead(before: FileSnapshot, { status, size }: FileSnapshot): boolean {
  return before.status === 'queued' && status === 'queued' && size !== before.size;
}
