/** A file that came as text. */

import type { AppealFile } from "../../../../../schemas/http/appeals.js";

/** Bytes the browser keeps until the address is given back. @returns the address, and what gives it back. */
export function fileAddress({ base64, mediaType }: AppealFile): {
  readonly address: string;
  readonly release: () => void;
} {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  return { address, release: () => URL.revokeObjectURL(address) };
}

/** Has the browser save it under its name. */
export function saveFile(file: AppealFile): void {
  const { address, release } = fileAddress(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  // The browser has begun by then.
  setTimeout(release, RELEASE_AFTER_MS);
}
const RELEASE_AFTER_MS = 10_000;

/** Pictures are shown; whatever else a holder sends is saved, never opened in this page. */
export function isPicture({ mediaType }: Pick<AppealFile, "mediaType">): boolean {
  return mediaType === "image/jpeg" || mediaType === "image/png";
}
