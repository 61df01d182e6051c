import pg from "pg";

type Connected = (error: Error | null, client?: pg.Client) => void;

/**
 * Closes the socket where no session comes about. The driver leaves it open where the login ends on this side (no
 * password given): the server waits a minute for it, and whoever drops a database waits for the server.
 */
export class ServerClient extends pg.Client {
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
