/** Names of people: they stand in comments, activations and logs, so one name is one person, however it is written. */

const NAME_LENGTH_MAX = 32;
/** Letters and digits of any script; no spaces, so that a name is one word of a command. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*$/u;
/** What Kadun itself signs with, and the network of the machine's commands. */
const RESERVED: readonly string[] = ["kadun", "breaker", "local"];

/** What stands against a name; null for none. */
export function nameProblem(name: string): string | null {
  if ([...name].length > NAME_LENGTH_MAX || !NAME.test(name))
    return `expected 1 to ${NAME_LENGTH_MAX} letters or digits, '.', '_' or '-' between them; no spaces`;
  if (RESERVED.includes(folded(name))) return `'${name}' is Kadun's own; choose another`;
  return null;
}

/** The same for two spellings of one name: case, width and composition do not tell people apart. */
export function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC");
}
