// The local bucket's own secrets: made once, kept in the data folder, readable by their owner only.
import { randomBytes } from 'node:crypto';
import { constants, copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, EXIT, Failure } from './failure.js';

export interface LocalSecrets {
  readonly bucket: string;
  readonly keyId: string;
  readonly applicationKey: string;
  readonly signerSecret: string;
}

const FILE = 'local.json';

/**
 * Opens the data folder, making what is missing.
 * @throws {Failure} When the folder can't be written or its file was damaged.
 */
export function openDataFolder(folder: string): LocalSecrets {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readSecrets(folder) ?? createSecrets(folder);
  } catch (cause) {
    throw folderFailure(folder, cause);
  }
}

/** Turns what the file system says about the data folder into a sentence. */
export function folderFailure(folder: string, cause: unknown): unknown {
  const fail = (message: string) => new Failure(message, EXIT.configuration, { cause });
  switch (errorCode(cause)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fail(`The folder ${folder} can't be written. Start in a folder of yours, or change its rights.`);
    case 'EEXIST':
    case 'ENOTDIR':
      return fail(`${folder} is in the way: the local bucket needs a folder there. Start in another folder.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return fail(`There is no space left for ${folder}.`);
    case 'ELOCKED':
      // As with a port in use: nothing is wrong with the configuration.
      return new Failure(
        `Another process uses ${folder}. Stop it, or start in another folder.`,
        EXIT.problem,
        {
          cause,
        },
      );
    default:
      return cause;
  }
}

function readSecrets(folder: string): LocalSecrets | undefined {
  const path = join(folder, FILE);
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isSecrets(content)) return content;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  const message = `${path} is damaged. Restore it, or delete ${folder} to begin with an empty bucket.`;
  throw new Failure(message, EXIT.configuration);
}

/** A whole file appears or none: written aside, then linked, which fails if another process was first. */
function createSecrets(folder: string): LocalSecrets {
  const secrets = {
    bucket: `uploads-${randomBytes(6).toString('hex')}`,
    keyId: `local${randomBytes(10).toString('hex')}`,
    applicationKey: randomBytes(30).toString('base64url'),
    signerSecret: randomBytes(48).toString('base64url'),
  };
  const draft = join(folder, `.${FILE}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    writeFileSync(draft, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flush: true });
    publish(draft, join(folder, FILE));
    return secrets;
  } catch (error) {
    const winner = errorCode(error) === 'EEXIST' ? readSecrets(folder) : undefined;
    if (winner) return winner;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function publish(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw error;
    // Some file systems know no links; a copy may be cut off by a power failure, which readSecrets would see.
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
  }
}

function isSecrets(content: unknown): content is LocalSecrets {
  if (typeof content !== 'object' || content === null) return false;
  const texts: Readonly<Record<string, unknown>> = { ...content };
  return ['bucket', 'keyId', 'applicationKey', 'signerSecret'].every(
    (name) => typeof texts[name] === 'string' && texts[name] !== '',
  );
}
