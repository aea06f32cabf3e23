// Starts the thumbnail worker from its own text: a script of another origin cannot be a worker, a blob can.
import { decoderAddress } from '../heic/decoder-address.js';
import { default as InlineWorker } from './preview.worker.ts?worker&inline';

/** @throws {Error} Where workers are not allowed; a blocked one may also fire `error` later. */
export function createWorker(): Worker {
  // It has no address that the decoder's could be found from.
  return new InlineWorker({ name: decoderAddress() });
}
