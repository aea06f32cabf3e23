// Uploads under faults, and what a visitor would have seen meanwhile; judged by the rules that hold under every fault.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  ErrorCode,
  FileSnapshot,
  Notice,
  UploadChangeEvent,
  Uploader,
  UploaderOptions,
  UploaderPorts,
} from '../../widget/engine/uploader.js';
import type { FileRequest } from '../../server/protocol.js';
import type { Fetch } from '../../widget/engine/ports.js';
import { sourceOf } from './bucket-oracle.js';
import { openFaultStage, type FaultStage, type FaultStageOptions } from './fault-stage.js';
import { createQuickTime } from './quick-time.js';

const MIB = 2 ** 20;
/** What the stage's files are cut into; S3 takes no less. */
export const PART_BYTES = 5 * MIB;

/** Files above 5 MiB travel in parts of 5 MiB. */
export const IN_PARTS = { multipart: { threshold: '5MiB' } } as const;

export interface FaultRun {
  readonly stage: FaultStage;
  readonly uploader: Uploader;
  readonly sources: readonly File[];
  /** Why files waited, in the order of their first time, and what they were told besides. */
  readonly notices: ReadonlySet<Notice>;
  /** The farthest that the progress of a file ever fell back, in bytes. */
  readonly fallBackBytes: () => number;
  /** Lines that the page's owner would find in the console. */
  readonly console: readonly string[];
  /** Resolves when nothing is left to do. */
  finish(): Promise<readonly FileSnapshot[]>;
}

export interface RunOptions {
  readonly options?: Partial<UploaderOptions>;
  readonly ports?: Partial<UploaderPorts>;
  /** How much faster than the wall's clock the engine waits; 50. */
  readonly haste?: number;
  /** What the first plan's parts are to be, whatever is known of the line's speed; 5 MiB. */
  readonly partBytes?: number;
}

/** A stage that is gone when the test is over. */
export async function openStage(t: TestContext, options: FaultStageOptions = {}): Promise<FaultStage> {
  const stage = await openFaultStage(options);
  t.after(() => stage.close());
  return stage;
}

export function fileOf(sizeBytes: number, name = `${sizeBytes} bytes.bin`): File {
  return new File([randomBytes(sizeBytes)], name, { type: 'application/octet-stream', lastModified: 1 });
}

/** Files of two parts and a bit. */
export function fileInParts(): File {
  return fileOf(2 * PART_BYTES + 1_000_000);
}

/** Adds files to an uploader of their own and watches what becomes of them. */
export function startRun(
  t: TestContext,
  { stage, sources }: Pick<FaultRun, 'stage' | 'sources'>,
  { options, ports, haste = 50, partBytes = PART_BYTES }: RunOptions = {},
): FaultRun {
  const fetch = wishForParts(ports?.fetch ?? stage.network.fetch, partBytes);
  const uploader = stage.createUploader(options, { ...createQuickTime(haste), ...ports, fetch });
  const notices = new Set<Notice>();
  const lines: string[] = [];
  t.mock.method(console, 'error', (...words: readonly unknown[]) => lines.push(words.join(' ')));
  let fallBackBytes = 0;
  const onChange = ({ file, previous }: UploadChangeEvent) => {
    if (file.notice) notices.add(file.notice);
    fallBackBytes = Math.max(fallBackBytes, (previous?.sentBytes ?? 0) - file.sentBytes);
  };
  uploader.addEventListener('change', (event) => onChange(event as UploadChangeEvent));
  const idle = once(uploader, 'idle');
  uploader.add(sources.map((file) => ({ file })));
  return {
    stage,
    uploader,
    sources,
    notices,
    console: lines,
    fallBackBytes: () => fallBackBytes,
    async finish() {
      if (uploader.busy) await idle;
      return uploader.files;
    },
  };
}

/** Asks for parts of this size in the first plan of each file; later ones are the engine's own. */
function wishForParts(fetch: Fetch, partSizeHint: number): Fetch {
  const planned = new Set<string>();
  return (input, init) => {
    if (!pathOf(input).endsWith('/v1/uploads')) return fetch(input, init);
    const { files, ...rest } = bodyOf(init) as { readonly files: readonly FileRequest[] };
    const wishes = files.map((file) => (planned.has(file.name) ? file : { ...file, partSizeHint }));
    for (const { name } of files) planned.add(name);
    return fetch(input, { ...init, body: JSON.stringify({ ...rest, files: wishes }) });
  };
}

/** Where a call of the engine goes. */
export function pathOf(input: Parameters<Fetch>[0]): string {
  return new URL(input instanceof Request ? input.url : input).pathname;
}

/** What a call of the engine says. */
export function bodyOf(init: RequestInit | undefined): unknown {
  return JSON.parse(typeof init?.body === 'string' ? init.body : '{}');
}

/** Uploads files to the end. */
export async function upload(
  t: TestContext,
  stage: FaultStage,
  { files = [fileInParts()], ...options }: RunOptions & { readonly files?: readonly File[] } = {},
): Promise<FaultRun> {
  const run = startRun(t, { stage, sources: files }, options);
  await run.finish();
  return run;
}

export interface Allowed {
  /** Bytes that may have been sent in vain; by default one part, or one file, for each request that a rule hit. */
  readonly twiceBytes?: number;
  /** Plans whose answers got lost, at most: nobody can end them but a lifecycle rule of the bucket. */
  readonly orphans?: number;
}

/**
 * What holds after every fault that passes: each file stored whole, once, nothing left open, no more sent twice than was
 * hit, no progress that falls back by more than a part, no word in the console.
 */
export async function assertSame(run: FaultRun, { twiceBytes, orphans = 0 }: Allowed = {}): Promise<void> {
  const { stage, uploader, sources } = run;
  const states = uploader.files.map(({ status, error }) => error?.code ?? status);
  assert.deepEqual(
    states,
    sources.map(() => 'complete'),
  );
  const wanted = await Promise.all(sources.map(sourceOf));
  const totalBytes = sources.reduce((sum, { size }) => sum + size, 0);
  const { openUploads, ...found } = await stage.inspect(wanted);
  const whole = { lost: 0, doubled: 0, corrupt: 0, rewritten: 0 };
  assert.deepEqual(found, { objects: sources.length, objectBytes: totalBytes, ...whole });
  assert.ok(openUploads <= orphans, `${openUploads} uploads are still open`);
  const hits = stage.storage.log.select({ method: 'PUT' }).filter(({ rule }) => rule !== undefined).length;
  const pieceBytes = Math.min(Math.max(...sources.map(({ size }) => size)), 16 * MIB);
  const resentBytes = stage.storage.log.bytesSentTwice(totalBytes);
  const mayResend = twiceBytes ?? hits * pieceBytes;
  assert.ok(resentBytes <= mayResend, `${resentBytes} bytes were sent twice, ${mayResend} may be.`);
  assert.ok(run.fallBackBytes() <= pieceBytes, `progress fell back by ${run.fallBackBytes()} bytes`);
  assert.deepEqual(run.console, []);
}

/** The codes that files failed with. */
export function codesOf({ uploader }: FaultRun): readonly (ErrorCode | undefined)[] {
  return uploader.files.map(({ error }) => error?.code);
}

const EVENTUALLY_MS = 15_000;

/** Waits until a check passes. @throws What it threw last. */
export async function eventually(check: () => Promise<unknown>): Promise<void> {
  const untilMs = performance.now() + EVENTUALLY_MS;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await wait(20);
    }
  }
}
