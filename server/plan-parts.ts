// Cuts a file into the parts in which it travels (pure). The plan is the signer's and lives in the ticket.

/** S3's rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MIN_PART_BYTES = 5 * 2 ** 20;
export const MAX_PART_BYTES = 5 * 2 ** 30;
export const MAX_PARTS = 10_000;
/** The largest file that every planned part size, and every store we know, can take. */
export const MAX_OBJECT_BYTES = 5 * 2 ** 40;

const MIB = 2 ** 20;
/** Few enough requests for a big file, small enough to be sent again on a bad line. */
const DEFAULT_PART_BYTES = 16 * MIB;

export interface PartPlan {
  /** Bytes of every part but the last. */
  readonly partSize: number;
  readonly partCount: number;
}

export interface PlanWishes {
  /** What the client would like; bounded here. */
  readonly hintBytes?: number;
  /** The largest part that the store takes, where that is less than 5 GiB. */
  readonly maxPartBytes?: number;
}

/**
 * Plans the parts of a file: all of one size but the last, which may be smaller, in whole MiB.
 * @param sizeBytes - 0 to 5 TiB; an empty file is one empty part.
 * @throws {RangeError} When the file is larger than 5 TiB.
 */
export function planParts(sizeBytes: number, wishes: PlanWishes = {}): PartPlan {
  if (sizeBytes > MAX_OBJECT_BYTES) throw new RangeError(`No plan for ${sizeBytes} bytes.`);
  const { hintBytes = DEFAULT_PART_BYTES, maxPartBytes = MAX_PART_BYTES } = wishes;
  const wanted = Math.max(hintBytes, MIN_PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS));
  const partSize = Math.min(roundUp(wanted), Math.floor(maxPartBytes / MIB) * MIB);
  return { partSize, partCount: countParts(sizeBytes, partSize) };
}

/** How many parts of one size a file has. */
export function countParts(sizeBytes: number, partSize: number): number {
  return Math.max(1, Math.ceil(sizeBytes / partSize));
}

/** Bytes of one part: all of `partSize` but the last. */
export function sizeOfPart(partNumber: number, sizeBytes: number, partSize: number): number {
  return Math.min(partSize, sizeBytes - (partNumber - 1) * partSize);
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}
