// The shape of sites.json: every field with its default and the words that say what is expected.
import * as v from 'valibot';
import { IMAGE_FORMATS } from '../rules/image-formats.js';
import { MAX_RENDITIONS, RENDITION_NAME } from '../rules/renditions.js';
import { parseSize } from '../rules/sizes.js';
import { addressProblem, endpointProblem } from './endpoint.js';
import { prefixProblem } from './prefix.js';

/** `sites.json`, as people write it. */
export interface SitesConfig {
  readonly $schema?: string;
  readonly sites: Readonly<Record<string, SiteConfig>>;
}
/** One site of `sites.json`, as people write it. */
export type SiteConfig = Named<v.InferInput<typeof siteSchema>>;
/** One site whose fields hold, with defaults filled in; secrets are still references. */
export type CheckedSiteConfig = Named<v.InferOutput<typeof siteSchema>>;
export type StorageConfig = CheckedSiteConfig['storage'];
/** The named fields only: the schemas' "nothing else" would forbid every field in TypeScript. */
type Named<Value> = Value extends readonly (infer Item)[]
  ? readonly Named<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value as string extends Key ? never : Key]: Named<Value[Key]> }
    : Value;
/** Where a secret is kept. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** S3 takes 10 000 parts of at most 5 GiB each. */
const MAX_OBJECT_BYTES = 10_000 * 5 * 2 ** 30;
const MIN_PART_BYTES = 5 * 2 ** 20;
const MAX_PUT_BYTES = 5 * 2 ** 30;
const ONE_YEAR_SECONDS = 31_536_000;
const SIZE = 'a size such as "10MB", "1.5GiB" or a number of bytes';

const secret = described(
  v.union(
    [
      v.strictObject({ env: v.pipe(v.string(), v.minLength(1)) }),
      v.strictObject({ file: v.pipe(v.string(), v.minLength(1)) }),
      v.pipe(v.string(), v.minLength(1)),
    ],
    'a reference such as {"env": "ACME_KEY"} or {"file": "/run/secrets/acme-key"}',
  ),
  'a reference such as {"env": "ACME_KEY"} or {"file": "/run/secrets/acme-key"}',
);

const bucket = v.pipe(
  text('the name of a bucket'),
  v.regex(
    /^[A-Za-z0-9][\w.-]{1,61}[A-Za-z0-9]$/,
    'is no bucket name; expected 3 to 63 letters, digits, "-" or "."',
  ),
);

const storageSchema = fields({
  endpoint: v.pipe(
    text('an S3 endpoint such as "https://s3.us-west-004.backblazeb2.com"'),
    refused(endpointProblem),
  ),
  bucket,
  keyId: secret,
  applicationKey: secret,
  region: v.optional(
    v.pipe(text('a region such as "us-west-004"'), v.regex(/^[a-z0-9-]{1,40}$/, 'is no region')),
  ),
  pathStyle: flag(true),
  publicUrl: v.optional(webAddress('the public address of the bucket, such as "https://cdn.example.com"')),
  provider: choice(['auto', 's3', 'b2', 'r2', 'generic'], 'auto'),
});

const pixels = whole({ from: 1, to: 100_000, what: 'pixels' });

const renditionSchema = fields({
  name: v.pipe(
    text('a name such as "thumb"'),
    v.regex(RENDITION_NAME, 'is no name of a rendition; expected 1 to 32 of a-z, 0-9 and "-"'),
  ),
  maxWidth: v.optional(pixels),
  maxHeight: v.optional(pixels),
  format: v.optional(v.picklist(IMAGE_FORMATS, listed(IMAGE_FORMATS))),
});

const imageSchema = fields({
  maxWidth: v.optional(pixels),
  maxHeight: v.optional(pixels),
  quality: v.optional(
    described(
      v.pipe(
        v.number('a number from 0 to 1'),
        v.minValue(0, 'is below 0; expected 0 to 1'),
        v.maxValue(1, 'is above 1; expected 0 to 1'),
      ),
      'a number from 0 to 1',
    ),
    0.85,
  ),
  format: choice(IMAGE_FORMATS, 'auto'),
  metadata: choice(['strip', 'keep'], 'strip'),
  renditions: v.optional(
    v.pipe(
      v.array(renditionSchema, 'a list of renditions'),
      v.maxLength(MAX_RENDITIONS, `has too many; expected at most ${MAX_RENDITIONS} renditions`),
      refused((renditions) => repeatedName(renditions)),
    ),
    [],
  ),
});

const perMinute = whole({ from: 1, to: 1_000_000, what: 'files a minute (leave it out for no limit)' });

const siteSchema = fields({
  name: v.optional(v.pipe(text('the name of the site'), v.maxLength(200, 'is longer than 200 characters'))),
  enabled: flag(true),
  origins: described(
    v.pipe(
      v.array(text('an origin such as "https://www.example.com"'), 'a list of origins'),
      v.minLength(1, 'is empty: no page could upload; expected origins such as "https://www.example.com"'),
    ),
    'the origins of your pages, such as ["https://www.example.com"]',
  ),
  storage: described(storageSchema, 'the bucket: {"endpoint", "bucket", "keyId", "applicationKey"}'),
  prefix: v.optional(folders('folders such as "uploads/"')),
  visibility: choice(['private', 'public'], 'private'),
  fileLinkSeconds: v.optional(whole({ from: 60, to: ONE_YEAR_SECONDS, what: 'seconds' }), 604_800),
  accept: v.optional(
    v.pipe(
      v.array(text('a type such as "image/*", "application/pdf" or ".pdf"'), 'a list of types'),
      v.minLength(1, 'is empty: no file could pass; leave it out to accept every type'),
    ),
  ),
  minSize: v.optional(size({ from: 0 })),
  maxSize: v.optional(size({ from: 1 })),
  maxTotalSize: v.optional(size({ from: 1, to: Number.MAX_SAFE_INTEGER })),
  maxFiles: v.optional(whole({ from: 1, to: 1_000_000, what: 'files' })),
  multipart: v.optional(
    fields({ threshold: v.optional(size({ from: MIN_PART_BYTES, to: MAX_PUT_BYTES }), '16MiB') }),
    {},
  ),
  integrity: flag(true),
  immutable: flag(false),
  verify: v.optional(fields({ magic: flag(false) }), {}),
  unsafeActiveTypes: flag(false),
  image: v.optional(imageSchema, {}),
  limits: v.optional(
    fields({
      uploadsPerMinute: v.optional(perMinute),
      uploadsPerMinutePerIp: v.optional(perMinute),
      bytesPerDay: v.optional(size({ from: 1, to: Number.MAX_SAFE_INTEGER })),
    }),
    {},
  ),
  grant: v.optional(
    fields({
      required: flag(false),
      secret: v.optional(secret),
      jwks: v.optional(webAddress('the address of a JWKS')),
    }),
    {},
  ),
  receiptSecret: v.optional(secret),
  webhook: v.optional(fields({ url: webAddress('the address of your webhook'), secret })),
  backup: v.optional(
    fields({
      storage: described(storageSchema, 'another bucket with other credentials'),
      prefix: v.optional(folders('folders such as "backup/"'), 'backup/'),
    }),
  ),
});

/** One site, checked alone so that a fault in one hides nothing in another. */
export const checkSite = v.safeParser(siteSchema);

/** The whole file; source of the published JSON Schema. */
export const sitesConfigSchema = fields({
  $schema: v.optional(text('the address of the JSON Schema')),
  sites: described(v.record(v.string(), siteSchema, 'sites by key'), 'sites by key: {"pk_live_…": {…}}'),
});

/** The file without its sites. */
export const checkFile = v.safeParser(
  fields({
    $schema: v.optional(text('the address of the JSON Schema')),
    sites: described(
      v.record(v.string(), v.unknown(), 'sites by key: {"pk_live_…": {…}}'),
      'sites by key: {"pk_live_…": {…}}',
    ),
  }),
);

/** An object that knows all its fields: others are reported, each by itself, with the known names as message. */
function fields<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.objectWithRest(entries, v.never(Object.keys(entries).join(' ')), (issue) => {
    const missing = entries[issue.expected.slice(1, -1)];
    return (missing && v.getDescription(missing)) ?? 'an object of fields';
  });
}

function described<const Schema extends v.GenericSchema>(schema: Schema, expected: string) {
  return v.pipe(schema, v.description(expected));
}

function text(expected: string) {
  return v.pipe(
    v.string(expected),
    v.minLength(1, `is empty; expected ${expected}`),
    v.description(expected),
  );
}

function folders(expected: string) {
  return v.pipe(v.string(expected), refused(prefixProblem), v.description(expected));
}

function flag(byDefault: boolean) {
  return v.optional(v.boolean('true or false'), byDefault);
}

function choice<const Options extends readonly [string, ...string[]]>(
  options: Options,
  byDefault: Options[number],
) {
  return v.optional(v.picklist(options, listed(options)), byDefault);
}

function repeatedName(renditions: readonly { readonly name: string }[]): string | undefined {
  const names = renditions.map(({ name }) => name);
  const again = names.find((name, index) => names.indexOf(name) < index);
  return again === undefined ? undefined : `names "${again}" twice; expected a different name for each`;
}

function listed(options: readonly string[]): string {
  return `one of ${options.map((option) => `"${option}"`).join(', ')}`;
}

function whole({ from, to, what }: { readonly from: number; readonly to: number; readonly what: string }) {
  const expected = `a whole number of ${what}, ${from} to ${to}`;
  const wrong = `is out of range; expected ${expected}`;
  return v.pipe(v.number(expected), v.integer(wrong), v.minValue(from, wrong), v.maxValue(to, wrong));
}

function size({ from, to = MAX_OBJECT_BYTES }: { readonly from: number; readonly to?: number }) {
  const schema = v.union([v.string(), v.number()], SIZE);
  return v.pipe(
    schema,
    refused((value) => sizeProblem(String(value), { from, to })),
    v.description(SIZE),
  );
}

function sizeProblem(
  value: string,
  range: { readonly from: number; readonly to: number },
): string | undefined {
  const bytes = parseSize(value);
  if (bytes === undefined) return `is no size; expected ${SIZE}`;
  if (bytes < range.from) return `is too small; expected at least ${range.from} bytes`;
  if (bytes > range.to) return `is too large; expected at most ${range.to} bytes`;
  return undefined;
}

function webAddress(expected: string) {
  return v.pipe(
    text(expected),
    refused((value) => {
      const problem = value.length > 2048 ? 'is longer than 2048 characters' : addressProblem(value);
      return problem && `${problem}; expected ${expected}`;
    }),
  );
}

/** Turns a function that says what is wrong into a step of a schema. */
function refused<Value>(problemWith: (value: Value) => string | undefined) {
  return v.rawCheck<Value>(({ dataset, addIssue }) => {
    const message = dataset.typed ? problemWith(dataset.value) : undefined;
    if (message !== undefined) addIssue({ message });
  });
}
