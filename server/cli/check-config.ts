// `b2-uploader check-config`: says whether the signer would start, without starting it.
import { EXIT } from '../runtime/failure.js';
import { formatOriginPattern } from '../origin.js';
import type { Settings } from '../sites/environment.js';
import { JSON_OPTION, type Command, type CommandWorld, type Values } from './command.js';
import { settingsFor } from './settings.js';

export const checkConfig: Command = {
  name: 'check-config',
  summary: 'Checks the configuration without starting anything.',
  details: `Reads the same environment variables and files as "start" and prints every problem, one line each.
Exit code 0 when the configuration holds, 78 when it does not.`,
  options: { json: JSON_OPTION },
  run,
};

async function run(values: Values, world: CommandWorld): Promise<number> {
  const { settings, problems, warnings } = await settingsFor(world);
  if (values['json']) {
    const sites = settings?.sites?.map(({ key }) => key) ?? [];
    const source = settings?.source ?? null;
    world.print(JSON.stringify({ ok: problems.length === 0, source, sites, problems, warnings }));
  } else if (settings) {
    world.print(summary(settings));
  }
  return problems.length === 0 ? EXIT.ok : EXIT.configuration;
}

function summary({ sites }: Settings): string {
  if (sites === null) {
    return 'The configuration holds. No sites are configured: "start" runs on the local bucket in data/.';
  }
  const count = sites.length === 1 ? '1 site' : `${sites.length} sites`;
  const lines = sites.map(({ key, storage, prefix, origins }) => {
    const pages = origins.map(formatOriginPattern).join(', ');
    return `  ${key}  ${storage.bucket}/${prefix}  ${pages}`;
  });
  return [`The configuration holds: ${count}.`, ...lines].join('\n');
}
