// Sends a body where there is no XMLHttpRequest, as in Node; fetch tells nothing of the progress.
import { readRetryAfter } from '../../server/rules/retry.js';
import type { Send } from './ports.js';
import { storageError } from './transport.js';

/** @throws {UploadError} As `sendByXhr`. */
export const sendByFetch: Send = Object.assign(
  async (...[request, body, { signal, onProgress }]: Parameters<Send>): Promise<void> => {
    const { method, url, headers } = request;
    try {
      const answer = await fetch(url, {
        method,
        headers: { ...headers },
        body,
        signal,
        credentials: 'omit',
        // What was signed holds for one address; wherever else an answer points, the file has no business there.
        redirect: 'manual',
      });
      const text = await answer.text();
      const { ok, headers: given } = answer;
      // Browsers hide the status of a redirect.
      const status = answer.type === 'opaqueredirect' ? 307 : answer.status;
      if (!ok) throw storageError(status, text, readRetryAfter(given.get('retry-after')));
      onProgress(body.size);
    } catch (error) {
      signal.throwIfAborted();
      // fetch's own word for a request without an answer.
      throw error instanceof TypeError ? storageError(0, '') : error;
    }
  },
  { isBlind: true },
);
