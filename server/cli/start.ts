// `b2-uploader start`: the signing service, on the local bucket where nothing is configured.
import { checkBuckets } from '../runtime/check-buckets.js';
import { EXIT } from '../runtime/failure.js';
import { allowsOrigin } from '../origin.js';
import { createLog } from '../runtime/stderr-log.js';
import { startSigner, type StartedSigner } from '../runtime/start-signer.js';
import type { Settings } from '../sites/environment.js';
import type { Site } from '../sites/site.js';
import { columns, JSON_OPTION, type Command, type CommandWorld, type Values } from './command.js';
import { settingsFor } from './settings.js';

export const start: Command = {
  name: 'start',
  summary: 'Starts the signing service.',
  details: `Without configuration it runs on a local bucket in data/, for pages on localhost. Configuration comes from
environment variables:
  PORT, HOST, PUBLIC_URL       where it listens, and the address at which browsers reach it
  SITES_FILE or SITES_JSON     the sites, with SIGNER_SECRET
  B2_ENDPOINT_URL, B2_BUCKET, B2_KEY_ID, B2_APPLICATION_KEY, ALLOWED_ORIGINS
                               one bucket without a file
  SIGNED_REQUEST               off closes /signed-request
  TRUSTED_PROXIES, LOG_LEVEL   proxies whose X-Forwarded-For is believed; debug, info, warn, error or silent`,
  options: { json: JSON_OPTION },
  run,
};

async function run(values: Values, world: CommandWorld): Promise<number> {
  const { settings } = await settingsFor(world);
  if (!settings) return EXIT.configuration;
  const log = createLog(settings.logLevel, world.warn);
  const started = await startSigner({ settings, root: world.root, dataFolder: 'data', log });
  for (const hint of hintsOn(started, settings)) world.warn(hint);
  world.print(values['json'] ? jsonOf(started) : textOf(started, settings));
  const ending = new AbortController();
  const checked = started.bucket ? undefined : warnOfBuckets(started.sites, world, ending.signal);
  await world.stopped;
  ending.abort();
  await Promise.all([checked, started.close()]);
  return EXIT.ok;
}

async function warnOfBuckets(
  sites: readonly Site[],
  { warn }: CommandWorld,
  signal: AbortSignal,
): Promise<void> {
  for (const line of await checkBuckets(sites, signal)) warn(line);
}

function jsonOf({ server, sites, bucket }: StartedSigner): string {
  const site = sites.length === 1 ? (sites[0]?.key ?? null) : null;
  return JSON.stringify({ url: server.url, site, bucket: bucket?.endpoint ?? null });
}

function textOf(
  { server, sites, bucket, hasDemo, hasWidget }: StartedSigner,
  { publicUrl }: Settings,
): string {
  const rows = [
    ...(hasDemo ? [['Demo', `${server.url}/`]] : []),
    ...(hasWidget ? [['Widget script', `${server.url}/b2-uploader.js`]] : []),
    ['Signer', `${server.url}/v1`],
    ...(publicUrl === null ? [] : [['Public address', publicUrl]]),
    ...(bucket ? [['Bucket', `${bucket.endpoint}/${bucket.bucket}`]] : []),
    ...(bucket ? [['Data folder', bucket.folder]] : []),
    [
      sites.length === 1 ? 'Site key' : 'Sites',
      sites.length === 1 ? (sites[0]?.key ?? '') : String(sites.length),
    ],
  ];
  const title = bucket
    ? 'b2-uploader is running on a local bucket: nothing leaves this machine.'
    : 'b2-uploader is running.';
  return [title, '', columns(rows), '', 'End it with Ctrl+C.'].join('\n');
}

function hintsOn(
  { server, bucket, sites, hasWidget, hasDemo }: StartedSigner,
  settings: Settings,
): readonly string[] {
  const isLocalOnly = /^(?:127\.|localhost$|::1$)/.test(settings.host);
  return [
    ...(hasWidget
      ? []
      : ['Warning: the widget is not built, so there is no /b2-uploader.js; run: npm run build']),
    ...(bucket && !isLocalOnly
      ? [`Warning: HOST is ${settings.host}, but the local bucket is reached from this machine only`]
      : []),
    ...(bucket && settings.production
      ? [
          'Warning: this is production on the local bucket; set SITES_FILE or the B2_ variables for a real one',
        ]
      : []),
    ...(hasDemo && !sites.some((site) => allowsOrigin(site.origins, server.url))
      ? [`Warning: the demo page can't upload: ALLOWED_ORIGINS does not hold ${server.url}`]
      : []),
    ...(sites.some((site) => site.signedRequest)
      ? [
          "Note: /signed-request is on and can't bind the size of what is uploaded; switch it off: SIGNED_REQUEST=off",
        ]
      : []),
  ];
}
