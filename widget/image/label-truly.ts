// Has files prepared by what they are, not by what they are called. Reads the first bytes only.
import type { Prepare } from '../engine/ports.js';
import { readBytes } from './bytes.js';
import { judgeContent } from './judge-content.js';
import { nextTurn } from './resample/next-turn.js';
import { sniffFile } from './sniff-file.js';

const SNIFFED_BYTES = 64 * 1024;

/** @returns A port that tells, as `contentType`, when a file's content contradicts its type. */
export function labelTruly(prepare: Prepare): Prepare {
  let turn = Promise.resolve();
  return async (file, image, signal) => {
    // Of a crowd each is asked for in a task of its own, for the page has other things to do.
    const mine = turn;
    turn = turn.then(nextTurn);
    await mine;
    const type = await readType(file);
    if (type === file.type) return prepare(file, image, signal);
    const labelled = new File([file], file.name, { type, lastModified: file.lastModified });
    return { ...(await prepare(labelled, image, signal)), contentType: type };
  };
}

async function readType(file: File): Promise<string> {
  try {
    return judgeContent(file, sniffFile(await readBytes(file, SNIFFED_BYTES))?.kind);
  } catch {
    // A file that cannot be read cannot be sent either; whoever sends it will say so.
    return file.type;
  }
}
