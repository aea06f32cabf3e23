// MD5 over bytes as they come: by WebAssembly, in plain JavaScript where the page forbids that.
import { createMD5 } from 'hash-wasm';

/** One body after the other: `start`, `update`s, `digest`. */
export interface RunningMd5 {
  readonly start: () => void;
  readonly update: (bytes: Uint8Array) => void;
  /** Base64 of the MD5 of all bytes since `start`. */
  readonly digest: () => string;
}

/** WebAssembly is about twice as fast, but a content security policy without 'wasm-unsafe-eval' refuses it. */
export async function createRunningMd5(): Promise<RunningMd5> {
  try {
    const md5 = await createMD5();
    return {
      start: () => void md5.init(),
      update: (bytes) => void md5.update(bytes),
      digest: () => toBase64(md5.digest('binary')),
    };
  } catch {
    return createPlainMd5();
  }
}

async function createPlainMd5(): Promise<RunningMd5> {
  const { md5 } = await import('js-md5');
  let running = md5.create();
  return {
    start: () => void (running = md5.create()),
    update: (bytes) => void running.update(bytes),
    digest: () => running.base64(),
  };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
