// How the floor and the peers have their requests signed.
import { randomUUID } from 'node:crypto';
import { presign } from './presign.js';

/** One call for everything: the least that signing can cost. */
export interface FloorSignRequest {
  readonly sizes: readonly number[];
  /** Whether the sizes are parts of one object. */
  readonly isMultipart: boolean;
}

export interface FloorSignResponse {
  readonly uploadId: string;
  readonly urls: readonly string[];
}

export function signForFloor({ sizes, isMultipart }: FloorSignRequest, storage: string): FloorSignResponse {
  const uploadId = randomUUID();
  const urls = sizes.map((size, index) =>
    isMultipart
      ? presign({ storage, key: uploadId, size, part: { uploadId, partNumber: index + 1 } })
      : presign({ storage, key: randomUUID(), size }),
  );
  return { uploadId, urls };
}

/** As Uppy's `signRequest` asks: one call for each request to storage. */
export interface PeerSignRequest {
  readonly key: string;
  readonly method?: string;
  readonly uploadId?: string;
  readonly partNumber?: number;
}

export function signForPeer({ key, method, uploadId, partNumber }: PeerSignRequest, storage: string): string {
  const name = encodeURIComponent(key);
  if (uploadId !== undefined && partNumber !== undefined)
    return presign({ storage, key: name, part: { uploadId, partNumber } });
  if (uploadId !== undefined)
    return presign({ storage, key: name, query: `uploadId=${encodeURIComponent(uploadId)}` });
  return presign({ storage, key: name, ...(method === 'POST' && { query: 'uploads=' }) });
}
