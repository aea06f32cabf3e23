// Sends a body to storage. XMLHttpRequest, because fetch reports no upload progress.
// https://developer.mozilla.org/en-US/docs/Web/API/XMLHttpRequestUpload/progress_event
import type { Send } from './ports.js';
import { UploadError } from './upload-error.js';

/** Answers after which the same request may well succeed. */
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Sends one body with exactly the signed headers.
 * @throws {UploadError} With storage's status; status 0 when there was no answer. The signal's reason when it is aborted.
 */
export const sendByXhr: Send = (request, body, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    // Fires after load, error, abort and timeout. Safari fires abort for a dropped connection: only our signal means it.
    xhr.addEventListener('loadend', () => {
      signal.removeEventListener('abort', abort);
      if (xhr.status >= 200 && xhr.status < 300) resolve();
      else reject(signal.aborted ? signal.reason : storageError(xhr.status, xhr.responseText));
    });
    signal.addEventListener('abort', abort, { once: true });
    xhr.send(body);
  });

/** What an answer of storage that is no success means. */
export function storageError(status: number, body: string): UploadError {
  if (status === 0) {
    return new UploadError('blocked-by-network', 'Storage gave no answer.', { retryable: true, status });
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  const code = /<Code>(\w{1,64})<\/Code>/.exec(body)?.[1] ?? '';
  const message = `Storage answered ${status} ${code}`.trimEnd();
  if (status >= 500 || PASSING_STATUS.has(status) || code === 'RequestTimeout') {
    return new UploadError('storage-unavailable', message, { retryable: true, status });
  }
  return new UploadError('storage-error', message, { retryable: false, status });
}
