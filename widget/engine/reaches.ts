// Whether a server answers at all, whatever it answers: tells a closed door from a cut line.
import type { Fetch } from './ports.js';

const PROBE_TIMEOUT_MS = 10_000;

/** Questions that are still open, by how they are asked: many who wonder at once ask once. */
const open = new WeakMap<Fetch, Map<string, Promise<boolean>>>();

/** @param place - `signer`: its base URL, without a slash at the end. */
export function reachesSigner({
  signer,
  fetch,
}: {
  readonly signer: string;
  readonly fetch: Fetch;
}): Promise<boolean> {
  return reaches(`${signer}/healthz`, fetch);
}

/** Any answer will do, so no CORS headers are needed: without them the answer is opaque and its status hidden. */
export function reaches(address: string, fetch: Fetch): Promise<boolean> {
  const asking = open.get(fetch) ?? new Map<string, Promise<boolean>>();
  open.set(fetch, asking);
  const asked = asking.get(address) ?? ask(address, fetch).finally(() => asking.delete(address));
  asking.set(address, asked);
  return asked;
}

async function ask(address: string, fetch: Fetch): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const answer = await fetch(address, {
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    return answer.ok || answer.type === 'opaque';
  } catch {
    return false;
  }
}
