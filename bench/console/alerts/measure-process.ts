/** The process that measure-apart.ts starts: its argument are the options, it tells how far it is and at the end the figures. */

import { type AlertsMeasureOptions, measureAlerts } from "./measure-alerts.js";
import type { MeasureMessage } from "./measure-apart.js";

const tell = (message: MeasureMessage) =>
  new Promise<void>((resolve, reject) =>
    process.send!(message, (error: Error | null) => (error === null ? resolve() : reject(error))),
  );

const options = JSON.parse(process.argv[2]!) as AlertsMeasureOptions;
try {
  const figures = await measureAlerts(options, (text) => void tell({ progress: text }));
  await tell({ figures });
} catch (error) {
  await tell({ failure: error instanceof Error ? error.message : String(error) });
}
process.disconnect();
