// The published JSON Schema of sites.json. For the build only: the running signer never loads this file.
import { toJsonSchema } from '@valibot/to-json-schema';
import { sitesConfigSchema } from './schema.js';

/** The JSON Schema (draft 2020-12) that editors use to complete and check `sites.json`. */
export function sitesJsonSchema(): Record<string, unknown> {
  // Checks in code, such as those of sizes, have no JSON Schema: the signer makes them at start.
  const schema = toJsonSchema(sitesConfigSchema, {
    typeMode: 'input',
    target: 'draft-2020-12',
    errorMode: 'ignore',
  });
  return { ...schema, title: 'Sites of the b2-uploader signing service' };
}
