// `b2-uploader site show`: one site as the signer knows it, and on demand the secret that its receipts are signed with.
import { receiptDeriver } from '../derive-secret.js';
import { formatOriginPattern } from '../origin.js';
import { openDataFolder } from '../runtime/data-folder.js';
import { EXIT, Failure } from '../runtime/failure.js';
import { LOCAL_SITE_KEY } from '../runtime/local-site.js';
import { LOOPBACK_ORIGINS } from '../sites/article-site.js';
import type { Settings } from '../sites/environment.js';
import type { Site } from '../sites/site.js';
import {
  columns,
  JSON_OPTION,
  usageFailure,
  type Command,
  type CommandWorld,
  type Values,
} from './command.js';
import { settingsFor } from './settings.js';

export const site: Command = {
  name: 'site',
  words: ['action', 'key'],
  summary: 'Shows a site: site show [KEY].',
  details: `"site show" prints where a site's files go and which pages may send them. With --secrets it also prints the
secret that receipts are signed with: your backend gives it to verifyReceipt. KEY may be left out where there is one site.`,
  options: {
    secrets: { type: 'boolean', help: 'Print the receipt secret too. Keep it out of logs.' },
    json: JSON_OPTION,
  },
  run,
};

interface Shown {
  readonly key: string;
  readonly name: string;
  readonly origins: readonly string[];
  readonly bucket: string;
  readonly prefix: string;
  /** The current one first. */
  readonly receiptSecrets: readonly string[];
}

async function run(values: Values, world: CommandWorld): Promise<number> {
  if (values['action'] !== 'show') throw usageFailure(site, 'expected: site show [KEY]');
  const { settings } = await settingsFor(world);
  if (!settings) return EXIT.configuration;
  const shown = find(await sitesOf(settings), values['key']);
  const { receiptSecrets, ...open } = shown;
  const isTold = values['secrets'] === true;
  if (values['json']) world.print(JSON.stringify(isTold ? shown : open));
  else world.print(text(open, isTold ? receiptSecrets : []));
  return EXIT.ok;
}

async function sitesOf(settings: Settings): Promise<readonly Shown[]> {
  if (settings.sites !== null) return settings.sites.map(shownOf);
  const { bucket, signerSecret } = openDataFolder('data');
  const secret = settings.signerSecret ?? signerSecret;
  return [
    {
      key: LOCAL_SITE_KEY,
      name: 'Local',
      origins: LOOPBACK_ORIGINS,
      bucket,
      prefix: `${LOCAL_SITE_KEY}/`,
      receiptSecrets: await receiptDeriver(secret)(LOCAL_SITE_KEY),
    },
  ];
}

function shownOf({ key, name, origins, storage, prefix, receiptSecrets }: Site): Shown {
  const pages = origins.map(formatOriginPattern);
  return { key, name, origins: pages, bucket: storage.bucket, prefix, receiptSecrets };
}

function find(sites: readonly Shown[], key: Values[string]): Shown {
  const found = key === undefined && sites.length === 1 ? sites[0] : sites.find((one) => one.key === key);
  if (found) return found;
  const known = sites.map((one) => one.key).join(', ');
  throw new Failure(`There is no site ${JSON.stringify(key ?? '')}; expected one of ${known}.`, EXIT.problem);
}

function text(
  { key, name, origins, bucket, prefix }: Omit<Shown, 'receiptSecrets'>,
  secrets: readonly string[],
): string {
  const rows = [
    ['Site key', key],
    ['Name', name],
    ['Origins', origins.join(', ')],
    ['Goes to', `${bucket}/${prefix}`],
    ...secrets.map((secret, index) => [index === 0 ? 'Receipt secret' : 'Previous one', secret]),
  ];
  return columns(rows);
}
