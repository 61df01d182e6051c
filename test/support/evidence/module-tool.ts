/** Stands in for the tool of a hardware module: openssl with the keys of a ring; SM2 nonces are drawn. */

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SmallBags } from "./small-bag.js";

const SCRIPT = `#!/bin/sh
set -eu
folder=$1 algorithm=$2 key=$3
message=$(mktemp)
trap 'rm -f "$message"' EXIT
cat >"$message"
case $algorithm in
  sm2) set -- -digest sm3 -pkeyopt distid:1234567812345678 ;;
  *) set -- ;;
esac
openssl pkeyutl -sign -inkey "$folder/$key.$algorithm.key" -rawin -in "$message" "$@"
`;

export function moduleTool(bags: SmallBags): [string, string] {
  const path = join(bags.folder, "module-tool.sh");
  writeFileSync(path, SCRIPT);
  chmodSync(path, 0o755);
  const { keyId, ed25519, sm2 } = JSON.parse(readFileSync(bags.ring, "utf8")).private;
  writeFileSync(join(bags.folder, `${keyId}.ed25519.key`), ed25519);
  writeFileSync(join(bags.folder, `${keyId}.sm2.key`), sm2Pem(sm2));
  return [path, bags.folder];
}

/** SEC 1 in PKCS #8 of a key of the curve SM2, without its public key. */
const SM2_HEAD = Buffer.from("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420", "hex");

function sm2Pem(digits: string): string {
  const base64 = Buffer.concat([SM2_HEAD, Buffer.from(digits, "hex")]).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${base64.match(/.{1,64}/g)!.join("\n")}\n-----END PRIVATE KEY-----\n`;
}
