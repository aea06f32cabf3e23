// Reads the settings for a command and prints what is wrong or doubtful with them.
import { loadSettings } from '../runtime/load-settings.js';
import { formatProblem } from '../sites/config-problem.js';
import type { ReadSettings } from '../sites/environment.js';
import type { CommandWorld } from './command.js';

/** One line for each warning and problem, on stderr. */
export async function settingsFor({ env, warn }: CommandWorld): Promise<ReadSettings> {
  const read = await loadSettings(env);
  for (const warning of read.warnings) warn(`Warning: ${warning}`);
  for (const problem of read.problems) warn(formatProblem(problem));
  return read;
}
