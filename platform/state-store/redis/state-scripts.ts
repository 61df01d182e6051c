/** The writes, as scripts: a script runs alone, so what it compares still holds when it writes. */

import { createHash } from "node:crypto";

const STORED = `
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'writes')
local writes, known, this = tonumber(stored[3] or '-1'), tonumber(ARGV[3]), tonumber(ARGV[4])`;

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
 * A put is a transaction of three: this script with "open", an HSET of the values to `writing`, this script with "close".
 * Through a script's arguments the server would copy every value three times more; HSET alone compares nothing. So "open"
 * gives the values the name `writing` only where the write is to be applied, else it puts something there that HSET is
 * refused on; "close" gives them back their own name and counts the write.
 *
 * KEYS: owner, values, writing. ARGV: epoch, owner, number of the last acknowledged write, number of this write, the step.
 * "close" answers 1 when the write is applied, now or before, else 0; and epoch, owner and number that were stored.
 *
 * Numbers between the two are writes whose fate the owner does not know: applied or not. A stored number below means
 * that the store lost what it had acknowledged. A server without memory refuses the transaction as a whole. One that
 * does not know the script leaves a heap at `writing`, which the next "open" removes.
 */
export const PUT = script(`${STORED}
local isOwner = stored[1] == ARGV[1] and stored[2] == ARGV[2]
local isNext = isOwner and writes < this and writes >= known
if ARGV[5] == 'open' then
  redis.call('DEL', KEYS[3])
  local kind = isNext and redis.call('TYPE', KEYS[2]).ok or 'refused'
  if kind == 'hash' then redis.call('RENAME', KEYS[2], KEYS[3])
  elseif kind ~= 'none' then redis.call('SET', KEYS[3], '') end
  return kind
end
if not isNext then
  redis.call('DEL', KEYS[3])
  return {(isOwner and writes == this) and 1 or 0, stored[1], stored[2], stored[3]}
end
if redis.call('TYPE', KEYS[2]).ok ~= 'none' then
  redis.call('DEL', KEYS[3])
  return redis.error_reply('WRONGTYPE the values are no hash')
end
redis.call('RENAME', KEYS[3], KEYS[2])
${counted()}`);

/** KEYS: owner. ARGV: as of PUT without the step. A put without values. */
export const PUT_NOTHING = script(`${compared()}
${counted()}`);

/** KEYS: owner, partition. ARGV: as of PUT, the record in place of the step. */
export const PUT_PARTITION = script(`${compared()}
redis.call('SET', KEYS[2], ARGV[5])
${counted()}`);

function compared(): string {
  return `${STORED}
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
