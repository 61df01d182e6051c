import { gunzipSync, gzipSync } from "node:zlib";
import type { Codec } from "./compression.js";

export const gzipCodec: Codec = {
  compress: (bytes) => gzipSync(bytes),
  decompress: (bytes, bytesMax) => gunzipSync(bytes, { maxOutputLength: bytesMax }),
};
