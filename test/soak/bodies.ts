// Files of the soak: any size, made from a seed whenever they are chosen, kept by nobody.
import { createCipheriv, createHash } from 'node:crypto';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface Recipe {
  /** Unlike that of all others in the run. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Sizes by share of files: from, below. */
const SIZES: readonly (readonly [share: number, fromBytes: number, belowBytes: number])[] = [
  [0.02, 0, 1],
  [0.53, 1, 64 * KIB],
  [0.29, 64 * KIB, 5 * MIB],
  [0.12, 5 * MIB, 14 * MIB],
  [0.04, 14 * MIB, 40 * MIB],
];

/** @param random - 0…1 */
export function pickSize(random: () => number): number {
  let drawn = random();
  for (const [share, fromBytes, belowBytes] of SIZES) {
    if (drawn < share) return Math.floor(fromBytes + random() * (belowBytes - fromBytes));
    drawn -= share;
  }
  return 0;
}

/** The same file each time, as one that is chosen again. */
export function makeFile({ name, sizeBytes }: Recipe, seed: number): File {
  const bytes = new Uint8Array(noise(`${seed} ${name}`, sizeBytes));
  return new File([bytes], name, { type: 'application/octet-stream', lastModified: 1 });
}

/** In hex. */
export function digestOf({ name, sizeBytes }: Recipe, seed: number): string {
  return createHash('sha256')
    .update(noise(`${seed} ${name}`, sizeBytes))
    .digest('hex');
}

function noise(key: string, sizeBytes: number): Buffer {
  const digest = createHash('sha256').update(key).digest();
  const cipher = createCipheriv('aes-128-ctr', digest.subarray(0, 16), digest.subarray(16));
  return cipher.update(Buffer.alloc(sizeBytes));
}
