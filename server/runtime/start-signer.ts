// Starts everything that the settings ask for: the local bucket where there are no sites, then the signer on its port.
import { join } from 'node:path';
import { createSigner } from '../index.js';
import type { Log } from '../log.js';
import type { Settings } from '../sites/environment.js';
import { fixedRegistry, type Site } from '../sites/site.js';
import { openLocalBucket, openLocalSite, type OpenBucket } from './local-site.js';
import { clientAddress, serve, type RunningServer } from './node.js';
import { demoFiles, widgetFiles, withFiles, type StaticFiles } from './static-files.js';

/** Requests that are on their way when the end begins still arrive; balancers that look at /readyz often learn of it. */
const LINGER_MS = 500;

export interface StartOptions {
  readonly settings: Settings;
  /** Folder of the program, where the built widget and demo are. */
  readonly root: string;
  /** Folder of the local bucket. */
  readonly dataFolder: string;
  readonly log: Log;
}

export interface StartedSigner {
  readonly server: RunningServer;
  readonly sites: readonly Site[];
  /** Null where the sites have buckets of their own. */
  readonly bucket: OpenBucket | null;
  readonly hasWidget: boolean;
  readonly hasDemo: boolean;
  /** Ends the signer first, then the bucket that it may be writing to. */
  readonly close: () => Promise<void>;
}

/** Starts the signer; when something fails, nothing stays running. */
export async function startSigner(options: StartOptions): Promise<StartedSigner> {
  const { settings, dataFolder } = options;
  const bucket = settings.sites === null ? await openLocalBucket({ folder: dataFolder }) : null;
  try {
    const secret = settings.signerSecret ?? bucket?.signerSecret ?? '';
    const sites = bucket ? [await openLocalSite(bucket, secret)] : (settings.sites ?? []);
    const widget = widgetFiles(join(options.root, 'dist', 'widget'));
    const demo = demoOf(sites, options);
    const server = await listen({ ...options, sites, secret, files: new Map([...demo, ...widget]) });
    const close = async () => {
      await server.close();
      await bucket?.close();
    };
    return { server, sites, bucket, hasWidget: widget.size > 0, hasDemo: demo.has('/'), close };
  } catch (error) {
    await bucket?.close();
    throw error;
  }
}

/** A page to try the one site with; nothing for the public. */
function demoOf(sites: readonly Site[], { settings, root }: StartOptions): StaticFiles {
  const [site, ...others] = sites;
  if (!site || others.length > 0 || settings.production) return new Map();
  return demoFiles(join(root, 'dist', 'demo'), site.key);
}

interface Parts extends StartOptions {
  readonly sites: readonly Site[];
  readonly secret: string;
  readonly files: StaticFiles;
}

async function listen({ settings, sites, secret, files, log }: Parts): Promise<RunningServer> {
  return serve({
    host: settings.host,
    port: settings.port,
    lingerMs: LINGER_MS,
    app: (url) => {
      const signer = createSigner({
        sites: fixedRegistry(sites),
        secret,
        publicUrl: settings.publicUrl ?? url,
        log,
        clientAddress: clientAddress(settings.trustedProxies),
      });
      return withFiles({ fetch: (request, env) => signer.fetch(request, env) }, files);
    },
  });
}
