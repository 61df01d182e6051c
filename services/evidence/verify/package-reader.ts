/** What checks read of a package: its files by name, whatever it lies in. */

export interface PackageReader {
  /** Within the bag, such as `data/case.json`; sorted. */
  readonly names: readonly string[];
  /** SHA-256 of a file, hexadecimal. @throws EvidenceError where it is not there. */
  sha256(name: string): Promise<string>;
  /** Whole; for files that are small. @throws EvidenceError where it is not there, or larger than `BYTES_MAX`. */
  bytes(name: string): Promise<Uint8Array>;
  /** Lines without their line feed; the last one has one too. @throws EvidenceError with the line where it is none. */
  lines(name: string): AsyncIterable<string>;
}

/** A bundle is 200 kB; a case of 100,000 alerts 30 MB. */
export const BYTES_MAX = 256 << 20;
