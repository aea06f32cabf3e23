// How fast this page's line to storage has been lately, over all uploads, and the part size that fits it.
import { addSample, bytesPerSecond, type SpeedWindow } from '../speed.js';

const MIN_HINT_BYTES = 5 * 2 ** 20;
const MAX_HINT_BYTES = 64 * 2 ** 20;
/** A part should take about so long: short enough for proxies that cut, long enough to be worth its requests. */
const PART_SECONDS = 8;
/** Parts of a file on a line that nothing is known of: whatever stops it loses those on their way. */
const USUAL_PARTS = 32;

/** Samples closer together than this tell nothing new; farther apart, nothing was sent between. */
const MIN_STEP_MS = 100;
const MAX_STEP_MS = 2000;

let window: SpeedWindow = [];
let totalBytes = 0;

/** Adds bytes that went out. */
export function noteSpeed(bytes: number, atMs: number): void {
  const stepMs = atMs - (window.at(-1)?.atMs ?? -Infinity);
  if (stepMs > MAX_STEP_MS) window = [{ atMs, sentBytes: totalBytes }];
  totalBytes += Math.max(0, bytes);
  if (stepMs >= MIN_STEP_MS) window = addSample(window, { atMs, sentBytes: totalBytes });
}

/**
 * The part size to ask for: what takes a few seconds, but never so much that a part of the line has nothing to do.
 * @param size - Bytes of the file.
 * @param concurrency - Parts that share the line.
 * @returns Bytes.
 */
export function partSizeHint(size: number, concurrency: number): number {
  const speed = bytesPerSecond(window);
  if (speed !== null) return bounded(Math.min(speed * PART_SECONDS, size) / concurrency);
  return isSlowLine() ? MIN_HINT_BYTES : bounded(size / USUAL_PARTS);
}

function bounded(bytes: number): number {
  return Math.round(Math.min(MAX_HINT_BYTES, Math.max(MIN_HINT_BYTES, bytes)));
}

/** The smallest parts, for a line that larger ones do not get through. */
export function smallestHint(): number {
  return MIN_HINT_BYTES;
}

/** The browser's own estimate, where it has one. */
function isSlowLine(): boolean {
  const { navigator } = globalThis;
  if (!navigator || !('connection' in navigator)) return false;
  const { connection } = navigator;
  if (typeof connection !== 'object' || connection === null || !('effectiveType' in connection)) return false;
  return connection.effectiveType !== '4g';
}
