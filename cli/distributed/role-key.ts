/** Key files of the roles: made once for all processes by `kadun topics create`, never by a role. */

import { KeyFileError, openKeyFile } from "../../platform/lifecycle/key-file.js";
import { OperatingError } from "../exit-status.js";

/** @param variable the setting that names the file. @throws OperatingError, KeyFileError. */
export function openRoleKey(variable: string, path: string): Buffer {
  try {
    return openKeyFile(path, { mayMake: false });
  } catch (error) {
    if (!(error instanceof KeyFileError) || error.code !== "MISSING") throw error;
    throw new OperatingError(
      `${variable}: ${path} is missing; 'kadun topics create' makes it with a new journal; where there is data already, give this process a copy of the file that it was made with, or restore it from its backup`,
    );
  }
}
