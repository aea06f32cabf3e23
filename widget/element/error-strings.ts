// What the English sentences for failures and refusals say: what happened, and what to do next. Loaded with the first file.
import { zoneEnglish, type Strings } from './strings.js';

const STORAGE = 'The storage had a problem. Try again.';
const INTERRUPTED = 'The connection to the storage was interrupted. Try again.';
const EXPIRED = 'This took too long and the permission ran out. Try again.';
const FORBIDDEN = 'Your permission to upload has run out. Reload the page, then try again.';
const say = (text: string) => (): string => text;

const misconfigured = say(zoneEnglish.misconfigured);

export const englishErrors: Strings['errors'] = {
  'type-not-allowed': ({ extension, accepted, mislabelled }) => {
    const next = accepted === '' ? '' : ` Choose ${accepted}.`;
    if (mislabelled) return `The content of this file does not fit its name.${next}`;
    return `${extension === '' ? 'This type of file is' : `${extension} files are`} not accepted.${next}`;
  },
  'file-too-large': ({ limit }) => `Larger than ${limit}. Choose a smaller file.`,
  'file-too-small': ({ limit, isEmpty }) =>
    isEmpty ? 'This file is empty. Choose another one.' : `Smaller than ${limit}. Choose a larger file.`,
  'too-many-files': ({ limit }) =>
    limit === '1' ? 'Only one file is taken.' : `Only ${limit} files are taken. Remove one to add another.`,
  'total-too-large': ({ limit }) => `All files together may have ${limit}. Remove one to add another.`,
  'folder-not-allowed': say('Folders are not accepted. Open the folder and choose the files in it.'),
  'quota-exceeded': say('The site takes no more files at the moment. Try again later.'),
  'rate-limited': say('Too many uploads at once. Wait a minute, then try again.'),
  offline: say('You are offline. Check the connection, then try again.'),
  'signer-unreachable': say('The upload service did not answer. Check the connection, then try again.'),
  internal: say('The server had a problem. Try again.'),
  'storage-unavailable': say(STORAGE),
  'storage-timeout': say(STORAGE),
  'not-uploaded': say('The file did not arrive. Try again.'),
  'size-mismatch': say('The file did not arrive whole. Try again.'),
  'file-changed': say('The file changed on your device. Remove it, then choose it again.'),
  'file-missing': say('The file is no longer on your device. Remove it, then choose another one.'),
  'file-unreadable': say('The file cannot be read. Close it in other programs, then choose it again.'),
  'image-too-large': say('This picture has too many pixels. Choose a smaller one.'),
  'metadata-not-removed': say(
    'The place where this picture was taken could not be removed from it, so it was not sent. Open it, save a copy as JPEG, then choose the copy.',
  ),
  'image-unreadable': say('This picture cannot be read. Choose another one.'),
  'ticket-expired': say(EXPIRED),
  'upload-gone': say(EXPIRED),
  'grant-required': say(FORBIDDEN),
  'grant-invalid': say(FORBIDDEN),
  'unknown-site': misconfigured,
  'site-disabled': misconfigured,
  'origin-required': misconfigured,
  'origin-not-allowed': misconfigured,
  'blocked-by-network': ({ hasStored }) => (hasStored ? INTERRUPTED : zoneEnglish.misconfigured),
  'storage-error': misconfigured,
};
