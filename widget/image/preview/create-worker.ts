// Starts the thumbnail worker from its own address. The build puts create-inline-worker in its place.

/** @throws {Error} Where workers are not allowed; a blocked one may also fire `error` later. */
export function createWorker(): Worker {
  return new Worker(new URL('./preview.worker.ts', import.meta.url), { type: 'module' });
}
