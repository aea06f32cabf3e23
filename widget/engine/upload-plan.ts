// What the signer agreed to for one upload, as the client holds it, and which bytes each part has (pure).

/** The client's hold on an upload: opaque, but the id must come back in every answer. */
export interface Ticket {
  readonly id: string;
  readonly ticket: string;
}

export type UploadPlan = Ticket &
  (
    | { readonly strategy: 'put' }
    | {
        readonly strategy: 'multipart';
        /** Bytes of every part but the last. */
        readonly partSize: number;
        readonly partCount: number;
      }
  );

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** @returns The numbers of all parts, from 1 up; a single PUT is one part. */
export function partNumbers(plan: UploadPlan): readonly number[] {
  const count = plan.strategy === 'put' ? 1 : plan.partCount;
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** The bytes of a part. @param size - Of the whole body. */
export function partRange(plan: UploadPlan, partNumber: number, size: number): ByteRange {
  if (plan.strategy === 'put') return { start: 0, end: size };
  const start = (partNumber - 1) * plan.partSize;
  return { start, end: Math.min(start + plan.partSize, size) };
}
