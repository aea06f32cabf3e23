// Bodies of the POST routes: unknown JSON in, typed request out, or the problem with its place.
import * as v from 'valibot';
import { checkRenditions } from './check-renditions.js';
import { ProblemError, unknownSite } from './problem.js';
import type { CreateUploadsRequest, SignerErrorCode, SignRequest, TicketsRequest } from './protocol.js';
import { RENDITION_NAME } from './rules/renditions.js';
import { MAX_TICKET_CHARS } from './ticket.js';

const MAX_ITEMS = 100;
const MAX_NAME_UNITS = 1024;

// The message of each check is the code of its problem.
const invalid = 'invalid-request' satisfies SignerErrorCode;
/** Fit for one line of text, and for a header once encoded. */
const MAX_ALT_TEXT_UNITS = 1000;
const text = (max: number) => v.pipe(v.string(invalid), v.maxLength(max, invalid));
const md5 = v.pipe(v.string(invalid), v.regex(/^[A-Za-z0-9+/]{22}==$/, invalid));
const ticket = v.pipe(
  v.string('ticket-missing'),
  v.minLength(1, 'ticket-missing'),
  v.maxLength(MAX_TICKET_CHARS, 'ticket-invalid'),
);

const FILE = v.strictObject(
  {
    name: v.pipe(
      v.string('invalid-name'),
      v.minLength(1, 'invalid-name'),
      v.maxLength(MAX_NAME_UNITS, 'invalid-name'),
    ),
    size: v.pipe(v.number('invalid-size'), v.safeInteger('invalid-size'), v.minValue(0, 'invalid-size')),
    type: v.optional(text(255), ''),
    md5: v.exactOptional(md5),
    relativePath: v.exactOptional(text(4096)),
    altText: v.exactOptional(
      v.pipe(
        text(MAX_ALT_TEXT_UNITS),
        v.check((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), invalid),
      ),
    ),
    renditionOf: v.exactOptional(
      v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(0)), ticket], invalid),
    ),
    rendition: v.exactOptional(v.pipe(v.string(invalid), v.regex(RENDITION_NAME, invalid))),
    partSizeHint: v.exactOptional(v.pipe(v.number(invalid), v.safeInteger(invalid), v.minValue(1, invalid))),
    nonce: v.exactOptional(v.pipe(v.string(invalid), v.regex(/^[\w-]{22,64}$/, invalid))),
    repeated: v.exactOptional(v.boolean(invalid)),
  },
  invalid,
);

const CREATE = v.strictObject(
  {
    siteKey: v.string('unknown-site'),
    grant: v.exactOptional(text(8192)),
    files: v.pipe(v.array(FILE, invalid), v.minLength(1, invalid), v.maxLength(MAX_ITEMS, 'too-many-files')),
  },
  invalid,
);

const PART = v.strictObject(
  {
    // Whether the plan has such a part is told for each item.
    partNumber: v.pipe(v.number('invalid-part'), v.safeInteger('invalid-part')),
    md5: v.exactOptional(md5),
  },
  invalid,
);

const SIGN_ITEM = v.strictObject(
  {
    ticket,
    md5: v.exactOptional(md5),
    parts: v.exactOptional(v.pipe(v.array(PART, invalid), v.minLength(1, invalid))),
  },
  invalid,
);

const SIGN = v.strictObject(
  {
    requests: v.pipe(
      v.array(SIGN_ITEM, invalid),
      v.minLength(1, invalid),
      v.maxLength(MAX_ITEMS, invalid),
      v.check((requests) => countBodies(requests) <= MAX_ITEMS, invalid),
    ),
  },
  invalid,
);

const TICKETS = v.strictObject(
  { tickets: v.pipe(v.array(ticket, invalid), v.minLength(1, invalid), v.maxLength(MAX_ITEMS, invalid)) },
  invalid,
);

const CODES: readonly SignerErrorCode[] = [
  'invalid-name',
  'invalid-size',
  'invalid-part',
  'ticket-missing',
  'ticket-invalid',
  'too-many-files',
  'unknown-site',
];

/** What each code expects, for people who read the answer. */
const EXPECTED: Partial<Record<SignerErrorCode, string>> = {
  'invalid-name': `expected a name of 1 to ${MAX_NAME_UNITS} characters`,
  'invalid-size': 'expected a whole number of bytes from 0 to 2^53 - 1',
  'invalid-part': 'expected the number of a part',
  'ticket-missing': 'expected a ticket',
  'ticket-invalid': `a ticket has at most ${MAX_TICKET_CHARS} characters`,
  'too-many-files': `expected at most ${MAX_ITEMS} files in one call`,
};

/** @throws {ProblemError} With the code and the path of the first value at fault. */
export function parseCreate(body: unknown): CreateUploadsRequest {
  const request = check(CREATE, body);
  checkRenditions(request.files);
  return request;
}

/** @throws {ProblemError} With the code and the path of the first value at fault. */
export function parseSign(body: unknown): SignRequest {
  return check(SIGN, body);
}

/** @throws {ProblemError} With the code and the path of the first value at fault. */
export function parseTickets(body: unknown): TicketsRequest {
  return check(TICKETS, body);
}

function check<T>(schema: v.GenericSchema<unknown, T>, body: unknown): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ProblemError('invalid-request', 'The body must be a JSON object.');
  }
  const result = v.safeParse(schema, body, { abortPipeEarly: true });
  if (result.success) return result.output;
  throw toProblemError(result.issues[0]);
}

function toProblemError(issue: v.BaseIssue<unknown>): ProblemError {
  const field = pathOf(issue);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return new ProblemError('invalid-request', `The field "${field}" is not known.`, { field });
  }
  const code = codeOf(issue);
  if (code === 'unknown-site') return unknownSite();
  const expected = issue.type === 'check' ? expectedOf(field) : EXPECTED[code];
  const detail = `${field === '' ? 'The body' : field}: ${expected ?? `expected ${issue.expected ?? 'another value'}`}.`;
  return new ProblemError(code, detail, field === '' ? {} : { field });
}

/** What a check of a whole value expects. */
function expectedOf(field: string): string {
  if (field === 'requests') return `expected at most ${MAX_ITEMS} parts and files`;
  return 'expected text without control characters and line breaks';
}

/** A missing key reports the object's own message; its last path item tells which field it was. */
function codeOf(issue: v.BaseIssue<unknown>): SignerErrorCode {
  const key = issue.path?.at(-1)?.key;
  if (issue.type !== 'strict_object') return CODES.find((code) => code === issue.message) ?? invalid;
  if (key === 'size') return 'invalid-size';
  if (key === 'name') return 'invalid-name';
  if (key === 'partNumber') return 'invalid-part';
  if (key === 'siteKey') return 'unknown-site';
  return key === 'ticket' ? 'ticket-missing' : 'invalid-request';
}

/** Requests that are asked for: one for a whole file, one for each part. */
function countBodies(requests: SignRequest['requests']): number {
  return requests.reduce((sum, { parts }) => sum + (parts?.length ?? 1), 0);
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? []).reduce((path, { key }) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = String(key).slice(0, 64);
    return path === '' ? name : `${path}.${name}`;
  }, '');
}
