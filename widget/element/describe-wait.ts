// Why a file waits, in words (pure): a short state, and a sentence that says what happens next.
import type { FileSnapshot } from '../engine/snapshot.js';
import type { Strings } from './strings.js';

export interface WaitText {
  readonly status: string;
  readonly note: string;
}

export function describeWait({ notice }: Pick<FileSnapshot, 'notice'>, strings: Strings): WaitText {
  const { waits } = strings;
  return {
    status: notice === 'offline' ? strings.waitingNetwork : strings.tryingAgain,
    // Own properties only: a page may have extended Object.prototype.
    note: (notice && isNamed(notice, waits) && waits[notice]) || strings.waitsElse,
  };
}

function isNamed<Names extends object>(name: PropertyKey, names: Names): name is keyof Names {
  return Object.hasOwn(names, name);
}
