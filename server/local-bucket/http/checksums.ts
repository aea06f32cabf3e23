// The additional checksums that a client may send: computed while the body streams by.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface Digest {
  update(chunk: Buffer): void;
  /** Base64. */
  value(): string;
}

const DIGEST_BYTES: Readonly<Record<string, number>> = { crc32: 4, crc32c: 4, sha1: 20, sha256: 32 };

export function isKnownChecksum(name: string): boolean {
  return Object.hasOwn(DIGEST_BYTES, name);
}

/** Whether `value` has the form of such a checksum. */
export function isChecksumValue(name: string, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === DIGEST_BYTES[name] && bytes.toString('base64') === value;
}

export function createDigest(name: string): Digest {
  if (name === 'crc32') return cyclicDigest((chunk, crc) => crc32(chunk, crc));
  if (name === 'crc32c') return cyclicDigest(crc32c);
  const hash = createHash(name);
  return { update: (chunk) => void hash.update(chunk), value: () => hash.digest('base64') };
}

function cyclicDigest(next: (chunk: Buffer, crc: number) => number): Digest {
  let crc = 0;
  return {
    update: (chunk) => {
      crc = next(chunk, crc);
    },
    value: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc);
      return bytes.toString('base64');
    },
  };
}

const CASTAGNOLI = 0x82f63b78;
const crc32cTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? CASTAGNOLI : 0);
  return value >>> 0;
});

/** Node has no CRC-32C; a table of bytes does about 400 MB/s. */
function crc32c(chunk: Buffer, crc: number): number {
  let value = ~crc;
  for (let i = 0; i < chunk.length; i += 1)
    value = (crc32cTable[(value ^ (chunk[i] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
