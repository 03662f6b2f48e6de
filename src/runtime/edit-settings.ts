/** Changes one value of config.json in place and in one step: everything else keeps its order, its form and its mode. */
import { setMember } from '../base/edit-json.ts';
import { JsonTextError } from '../base/json-text.ts';
import { OperationError } from '../core/codes.ts';
import { readConfigFile, writeConfigFile } from './config-file.ts';

/**
 * Sets the value at a path of names; objects on the way that are missing are added, and so is the file. Throws CONFIG_INVALID when the file
 * cannot be trusted, read or written, is no JSON, or was changed meanwhile.
 */
export async function setSetting(configFile: string, path: readonly string[], value: unknown): Promise<void> {
  const before = await readConfigFile(configFile);
  const text = change(configFile, before?.text ?? '{}\n', path, value);
  if (text === before?.text) return;
  const now = await readConfigFile(configFile);
  if (now?.sha256 !== before?.sha256)
    throw new OperationError('CONFIG_INVALID', `${configFile} was changed by another program just now; try again.`);
  await writeConfigFile(configFile, text, before?.mode ?? 0o600);
}

function change(configFile: string, text: string, path: readonly string[], value: unknown): string {
  try {
    return setMember(text, path, value);
  } catch (error) {
    if (error instanceof JsonTextError) {
      throw new OperationError(
        'CONFIG_INVALID',
        `${configFile}, line ${error.line}: not valid JSON, ${error.message}; correct that line first.`,
        { cause: error },
      );
    }
    if (!(error instanceof RangeError)) throw error;
    throw new OperationError('CONFIG_INVALID', `${configFile}: ${error.message}; correct it first.`, { cause: error });
  }
}
