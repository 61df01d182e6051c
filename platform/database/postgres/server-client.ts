import pg from "pg";

type Connected = (error: Error | null, client?: pg.Client) => void;

/**
 * Closes the socket where no session comes about. The driver leaves it open where the login ends on this side (no
 * password given): the server waits a minute for it, and whoever drops a database waits for the server.
 *
 * A server that ends in the same packet in which the session began tells it before the pool's user can listen: an error
 * nobody hears would end the process. Whoever uses the client is told by its next query.
 */
export class ServerClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on("error", () => {});
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.Client> | undefined {
    const connected = super.connect().catch((error: unknown) => {
      this.connection.stream.destroy();
      throw error;
    });
    if (callback === undefined) return connected;
    connected.then(() => callback(null, this), callback);
    return undefined;
  }
}
