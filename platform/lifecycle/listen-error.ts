/** Why an address cannot be listened on, as one message with the fix. */

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** The options that change them, such as `--port`. */
  readonly portOption: string;
  readonly hostOption: string;
}

/** null for errors of anything else than listening: a file may be refused with the same codes. */
export function listenErrorMessage(error: unknown, listening: Listening): string | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const { host, port, portOption, hostOption } = listening;
  if (syscall === "getaddrinfo")
    return `host ${host}: no such name (${code}); name an address of this machine with ${hostOption}`;
  if (syscall !== "listen" && syscall !== "bind") return null;
  switch (code) {
    case "EADDRINUSE":
      return `port ${port}: another program listens on it; end that one, or name another port with ${portOption}`;
    case "EACCES":
      return `port ${port}: not allowed to listen on it; name one above 1023 with ${portOption}`;
    case "EADDRNOTAVAIL":
      return `host ${host}: not an address of this machine; name one that is with ${hostOption}`;
    default:
      return `${host}:${port}: cannot be listened on (${code}); try another with ${portOption} or ${hostOption}`;
  }
}
