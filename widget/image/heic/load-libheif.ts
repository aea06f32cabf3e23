// Loads libheif from its own file, once, and never waits for ever.
import { decoderAddress } from './decoder-address.js';
import type { MakeLibheif } from './libheif.js';

/** Time for 0.7 MB on a slow line. */
const LOAD_TIMEOUT_MS = 30_000;
const QUIET = { print: () => undefined, printErr: () => undefined };

let loading: Promise<MakeLibheif> | undefined;
let attempt = 0;

/**
 * @returns What starts the library. Starting it throws where WebAssembly is not allowed.
 * @throws {Error} When its file cannot be had in time; the next call tries again.
 */
export async function loadLibheif(signal?: AbortSignal): Promise<MakeLibheif> {
  signal?.throwIfAborted();
  loading ??= load().catch((cause: unknown) => {
    loading = undefined;
    throw new Error('The HEIC decoder could not be loaded.', { cause });
  });
  return signal ? until(signal, loading) : loading;
}

async function load(): Promise<MakeLibheif> {
  attempt += 1;
  // A module that failed once fails for ever under the same address.
  const address = attempt === 1 ? decoderAddress() : `${decoderAddress()}#${attempt}`;
  const module: Promise<{ readonly default: MakeLibheif }> = import(/* @vite-ignore */ address);
  const { default: makeLibheif } = await until(AbortSignal.timeout(LOAD_TIMEOUT_MS), module);
  return () => makeLibheif(QUIET);
}

/** Waits no longer than until the signal is aborted. */
function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
