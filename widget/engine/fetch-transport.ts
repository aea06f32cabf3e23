// Sends a body where there is no XMLHttpRequest, as in Node; fetch tells nothing of the progress.
import type { Send } from './ports.js';
import { storageError } from './transport.js';

/** @throws {UploadError} As `sendByXhr`. */
export const sendByFetch: Send = Object.assign(
  async (...[request, body, { signal, onProgress }]: Parameters<Send>): Promise<void> => {
    const { method, url, headers } = request;
    try {
      const answer = await fetch(url, { method, headers: { ...headers }, body, signal, credentials: 'omit' });
      const text = await answer.text();
      if (!answer.ok)
        throw storageError(answer.status, text, Number(answer.headers.get('retry-after')) || undefined);
      onProgress(body.size);
    } catch (error) {
      signal.throwIfAborted();
      // fetch's own word for a request without an answer.
      throw error instanceof TypeError ? storageError(0, '') : error;
    }
  },
  { isBlind: true },
);
