/** Where the servers listen that `start-all.mjs` has started for all suites of a run. */

export interface ServerAddresses {
  /** host:port */
  readonly kafka: string;
  /** redis:// */
  readonly redis: string;
  /** postgres://, superuser */
  readonly postgres: string;
}

export function addresses(): ServerAddresses {
  return {
    kafka: addressOf("KADUN_TEST_KAFKA"),
    redis: addressOf("KADUN_TEST_REDIS"),
    postgres: addressOf("KADUN_TEST_POSTGRES"),
  };
}

function addressOf(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`${name} is not set: run this suite with 'npm run test:int -- <its path>'`);
  return value;
}
