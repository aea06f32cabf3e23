// Adds up what storage has taken of an upload and what is on its way, over all its parts.

export class ByteLedger {
  readonly #inFlight = new Map<number, number>();
  readonly #told: (sentBytes: number) => void;
  #storedBytes: number;
  #highestBytes: number;

  /** @param told - Hears of every change, of bytes stored and on their way together. */
  constructor(storedBytes: number, told: (sentBytes: number) => void) {
    this.#storedBytes = storedBytes;
    this.#highestBytes = storedBytes;
    this.#told = told;
  }

  get storedBytes(): number {
    return this.#storedBytes;
  }

  get sentBytes(): number {
    let bytes = this.#storedBytes;
    for (const inFlight of this.#inFlight.values()) bytes += inFlight;
    return bytes;
  }

  /** @returns True when more has been sent than ever before. */
  sending(partNumber: number, bytes: number): boolean {
    this.#inFlight.set(partNumber, bytes);
    const { sentBytes } = this;
    this.#told(sentBytes);
    const isProgress = sentBytes > this.#highestBytes;
    this.#highestBytes = Math.max(this.#highestBytes, sentBytes);
    return isProgress;
  }

  stored(partNumber: number, bytes: number): void {
    this.#inFlight.delete(partNumber);
    this.#storedBytes += bytes;
    this.#told(this.sentBytes);
  }

  /** What was on its way did not arrive. */
  dropped(partNumber: number): void {
    this.#inFlight.delete(partNumber);
  }
}
