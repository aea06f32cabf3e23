// The floor: one sign call for everything, then XMLHttpRequest, six at once, and nothing else.
import type { FloorSignRequest, FloorSignResponse } from '../server/other-signers.js';
import { register } from './harness.js';
import { post, put } from './put.js';

const CONNECTIONS = 6;

register(({ signer, partBytes }) => ({
  upload: async (files) => {
    const isMultipart = partBytes !== undefined;
    const bodies = isMultipart ? files.flatMap((file) => cut(file, partBytes)) : files;
    const wanted: FloorSignRequest = { sizes: bodies.map(({ size }) => size), isMultipart };
    const { urls, uploadId } = await post<FloorSignResponse>(`${signer}/floor/sign`, wanted);
    const waiting = bodies.map((body, index) => ({ body, url: urls[index] ?? '' })).toReversed();
    const type = isMultipart ? '' : 'application/octet-stream';
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) await put(next.url, next.body, type);
      }),
    );
    if (isMultipart) await post(`${signer}/floor/finish`, { uploadId });
    return files.length;
  },
}));

function cut(file: File, partBytes: number): readonly Blob[] {
  const count = Math.ceil(file.size / partBytes);
  return Array.from({ length: count }, (_, index) => file.slice(index * partBytes, (index + 1) * partBytes));
}
