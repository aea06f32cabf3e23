// Reads the settings of this process: its environment, and the files that the environment names.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { readSettings, type Environment, type ReadFile, type ReadSettings } from '../sites/environment.js';
import { errorCode } from './failure.js';

/** Far more than 10 000 sites need. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/** Reads and checks all settings; nothing is started. */
export async function loadSettings(env: Environment): Promise<ReadSettings> {
  return readSettings(env, readConfigFile);
}

/** Reads a file that the configuration names, or says in words why it can't be read. */
export const readConfigFile: ReadFile = (path) => {
  const wanted = JSON.stringify(path);
  try {
    const file = openSync(path, 'r');
    try {
      return readOpenFile(file, wanted);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { problem: reason(wanted, errorCode(error)) };
  }
};

function readOpenFile(file: number, wanted: string): ReturnType<ReadFile> {
  const { size } = fstatSync(file);
  if (size > MAX_FILE_BYTES) return { problem: `${wanted} has more than 64 MiB; expected a text file` };
  const bytes = readFileSync(file);
  if (bytes.length === 0) return { problem: `${wanted} is empty` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: `${wanted} is not UTF-8 text` };
  }
}

function reason(wanted: string, code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `${wanted} does not exist; expected the path of a file`;
    case 'EISDIR':
      return `${wanted} is a folder; expected a file`;
    case 'EACCES':
    case 'EPERM':
      return `${wanted} can't be read by this user; expected read rights`;
    default:
      return `${wanted} can't be read (${code || 'unknown error'})`;
  }
}
