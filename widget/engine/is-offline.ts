// Whether the browser is sure to have no network.

/** True only when it is sure: it may be wrong the other way round. Servers have no navigator and count as online. */
export function isOffline(): boolean {
  return !(globalThis.navigator?.onLine ?? true);
}
