/** The bureau's channel of either profile: the web-hook where an address is set, else the outbox. */

import type { BureauChannel } from "../../platform/bureau-channel/bureau-channel.js";
import { openBureauOutbox } from "../../platform/bureau-channel/outbox/bureau-outbox.js";
import { webhookChannel } from "../../platform/bureau-channel/webhook/webhook-channel.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { SettingsOf } from "../../platform/config/settings.js";
import { KeyFileError, openKeyFile } from "../../platform/lifecycle/key-file.js";
import { OperatingError, UsageError } from "../exit-status.js";
import type { BUREAU_SETTINGS } from "../process/bureau-settings.js";
import type { Closers } from "../process/closers.js";

/** @param outbox the file where there is no address. @throws UsageError, OperatingError, BureauChannelError. */
export async function openBureau(
  { bureauUrl, bureauSecretFile, outbox }: SettingsOf<typeof BUREAU_SETTINGS> & { readonly outbox: string },
  clock: Clock,
  closers: Closers,
): Promise<BureauChannel> {
  if (bureauUrl === "") return closers.add(await opened(outbox));
  return closers.add(webhookOf(bureauUrl, secretOf(bureauSecretFile), clock));
}

async function opened(path: string): Promise<BureauChannel> {
  try {
    return await openBureauOutbox({ path });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new OperatingError(
      `KADUN_BUREAU_OUTBOX: ${path}: ${syscall} failed (${code}); name a file in a folder where the user that runs this program may write`,
    );
  }
}

function webhookOf(url: string, secret: Uint8Array, clock: Clock): BureauChannel {
  if (!URL.canParse(url))
    throw new UsageError("KADUN_BUREAU_URL: expected an address that begins with https://");
  try {
    return webhookChannel({ url, secret, clock });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`KADUN_BUREAU_URL: ${error.message}`);
    throw error;
  }
}

function secretOf(path: string): Buffer {
  const make = "'openssl rand -hex 32' makes one, the bureau's system needs the same";
  if (path === "")
    throw new UsageError(
      `KADUN_BUREAU_SECRET_FILE: needed with KADUN_BUREAU_URL: a file with the secret; ${make}`,
    );
  try {
    return openKeyFile(path, { mayMake: false });
  } catch (error) {
    if (!(error instanceof KeyFileError) || error.code !== "MISSING") throw error;
    throw new OperatingError(`KADUN_BUREAU_SECRET_FILE: ${path} is missing; ${make}`);
  }
}
