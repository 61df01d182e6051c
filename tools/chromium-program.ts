/** Where this machine has a Chromium: for tests of pages in a browser, and for screenshots. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** As distributions call it; Chrome and Edge are the same engine. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
const ON_MACOS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** KADUN_CHROMIUM, else the first in PATH; null where there is none. @throws Error where KADUN_CHROMIUM names nothing. */
export function chromiumProgram(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment.KADUN_CHROMIUM ?? "";
  if (named !== "") {
    if (existsSync(named)) return named;
    throw new Error(
      `KADUN_CHROMIUM: there is no '${named}'; name the program of a Chromium, or leave it unset`,
    );
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...ON_MACOS];
  return places.find((place) => existsSync(place)) ?? null;
}
