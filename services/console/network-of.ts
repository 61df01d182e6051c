/** Whose address it is: one customer of an IPv6 network has all that its first 64 bits begin. Pure. */

import { isIPv6 } from "node:net";

const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.toLowerCase().split("%", 1)[0]!.split("::");
  const heads = head.split(":").filter((group) => group !== "");
  const tails = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: Math.max(0, IPV6_GROUPS - heads.length - tails.length) }, () => "0");
  const groups = [...heads, ...zeros, ...tails].map((group) => group.replace(/^0+(?=.)/, ""));
  return groups.slice(0, NETWORK_GROUPS).join(":");
}
