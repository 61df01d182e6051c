/** The writes, as scripts: a script runs alone, so what it compares still holds when it writes. */

import { createHash } from "node:crypto";

export interface StateScript {
  readonly lua: string;
  /** By which the server knows it. */
  readonly sha: string;
}

/**
 * KEYS: owner. ARGV: the epoch believed to be stored, owner, acquisition. Answers 1 and the new epoch, or 0 and the
 * epoch that is stored. Sent again after a lost answer it finds its acquisition and answers the same; arriving late,
 * after somebody else's, it finds another epoch and changes nothing.
 */
export const ACQUIRE = script(`
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'acquisition')
local epoch = stored[1] or '0'
if stored[2] == ARGV[3] then return {1, epoch} end
if epoch ~= ARGV[1] then return {0, epoch} end
local next = string.format('%.0f', tonumber(epoch) + 1)
redis.call('HSET', KEYS[1], 'epoch', next, 'owner', ARGV[2], 'acquisition', ARGV[3], 'writes', '0')
return {1, next}
`);

/**
 * KEYS: owner, values. ARGV: epoch, owner, number of the last acknowledged write, number of this write, then fields and
 * values. Answers 1 when it is applied, now or before, else 0; and epoch, owner and number that were stored.
 *
 * Numbers between the two are writes whose fate the owner does not know: applied or not. A stored number below means
 * that the store lost what it had acknowledged. Values go first: for lack of memory the first write of a script is
 * refused, later ones never.
 */
export const PUT = script(`${compared()}
if #ARGV > 4 then redis.call('HSET', KEYS[2], unpack(ARGV, 5)) end
${counted()}`);

/** KEYS: owner, partition. ARGV: as of PUT, then the record. */
export const PUT_PARTITION = script(`${compared()}
redis.call('SET', KEYS[2], ARGV[5])
${counted()}`);

function compared(): string {
  return `
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'writes')
local writes, known, this = tonumber(stored[3] or '-1'), tonumber(ARGV[3]), tonumber(ARGV[4])
if stored[1] ~= ARGV[1] or stored[2] ~= ARGV[2] then return {0, stored[1], stored[2], stored[3]} end
if writes == this then return {1, stored[1], stored[2], stored[3]} end
if writes < known or writes > this then return {0, stored[1], stored[2], stored[3]} end`;
}

function counted(): string {
  return `redis.call('HSET', KEYS[1], 'writes', ARGV[4])
return {1, stored[1], stored[2], ARGV[4]}`;
}

function script(lua: string): StateScript {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
