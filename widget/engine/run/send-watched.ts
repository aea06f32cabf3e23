// Sends one body and ends the attempt when nothing moves any more: a connection can hang for ever without an error.
import type { SignedRequest } from '../../../server/protocol.js';
import type { Host, Send, Sleep } from '../ports.js';
import { UploadError } from '../upload-error.js';

export interface WatchedSend {
  readonly send: Send;
  readonly sleep: Sleep;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
  readonly bytes?: ArrayBuffer | undefined;
}

const TICK_MS = 2000;
const STALL_TICKS = 14;
/** Storage may think for long once it has everything. */
const SILENT_TICKS = 60;
/** Where nobody tells of progress, nobody can tell a stall from a slow line: one of 32 KiB/s gets through. */
const SLOWEST_BYTES_PER_TICK = 64 * 1024;

/**
 * @throws {UploadError} As `Send`, and with status 0 after 30 s without a byte, or 120 s without an answer to the last
 * one; later by the body's size where nobody tells of progress.
 */
export async function sendWatched(
  request: SignedRequest,
  body: Blob,
  { send, sleep, host, signal, onProgress, bytes }: WatchedSend,
): Promise<void> {
  const stalled = new AbortController();
  const ended = new AbortController();
  let sentBytes = 0;
  const patienceTicks = () => {
    const isBlind = send.isBlind === true || isIntercepted();
    if (isBlind && sentBytes === 0) return SILENT_TICKS + Math.floor(body.size / SLOWEST_BYTES_PER_TICK);
    return isBlind || sentBytes >= body.size ? SILENT_TICKS : STALL_TICKS;
  };
  const watch = async () => {
    let seenBytes = 0;
    // Ticks, not time: after eight hours of sleep one tick has passed.
    for (let idleTicks = 0; ; idleTicks += 1) {
      await sleep(TICK_MS, ended.signal);
      if (host.isHidden() || sentBytes !== seenBytes) idleTicks = -1;
      seenBytes = sentBytes;
      if (idleTicks >= patienceTicks()) break;
    }
    const passing = { retryable: true, persistence: 'long', status: 0 } as const;
    stalled.abort(new UploadError('storage-unavailable', 'Nothing moved for too long.', passing));
  };
  watch().catch(() => undefined);
  try {
    await send(request, body, {
      signal: AbortSignal.any([signal, stalled.signal]),
      bytes,
      onProgress: (soFarBytes) => {
        sentBytes = soFarBytes;
        onProgress(soFarBytes);
      },
    });
  } finally {
    // Nobody asks for the reason, and an error made for each of thousands of files takes its time.
    ended.abort(null);
  }
}

/** A service worker of the page answers for its requests; the browser then reports no progress of uploads. */
function isIntercepted(): boolean {
  const { navigator } = globalThis;
  return Boolean(navigator && 'serviceWorker' in navigator && navigator.serviceWorker?.controller);
}
