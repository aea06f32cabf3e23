// Progress at a fair pace: networks report more often than anybody looks, and each report is drawn; the speed is kept of what passes.
import { addSample } from '../speed.js';
import type { Upload } from '../upload.js';
import { transition } from '../upload-state.js';
import type { Run } from './run.js';

const INTERVAL_MS = 100;

/** @returns The run's `report`, which lets through the start, the end, and what comes in fair distance between. */
export function paceProgress({ upload, ports, signal, report }: Run): Run['report'] {
  return (event) => {
    if (signal.aborted) return;
    const state = transition(upload.state, event);
    if (state === upload.state || state.status !== 'uploading') return report(event);
    if (isTimely(upload, state, ports.now())) report(event);
  };
}

interface Sent {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

function isTimely(upload: Upload, { sentBytes, totalBytes }: Sent, atMs: number): boolean {
  const isStart = upload.state.status !== 'uploading' || sentBytes === 0;
  const last = isStart ? undefined : upload.speed.at(-1);
  if (last && sentBytes < totalBytes && atMs - last.atMs < INTERVAL_MS) return false;
  upload.speed = addSample(last ? upload.speed : [], { atMs, sentBytes });
  return true;
}
