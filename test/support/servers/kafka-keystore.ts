/** A server's key for 127.0.0.1 and localhost, with its certificate that clients trust. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const PASSWORD = "kadun-tests";
const STORE = ["-storetype", "PKCS12", "-storepass", PASSWORD, "-alias", "kafka"];
const run = promisify(execFile);

export interface KafkaKeystore {
  readonly file: string;
  /** Settings of the listener CLIENT. */
  readonly properties: Readonly<Record<string, string>>;
  /** The certificate as PEM. */
  readonly caFile: string;
}

export async function makeKeystore(directory: string): Promise<KafkaKeystore> {
  const keystore = join(directory, "kafka.p12");
  const caFile = join(directory, "kafka.pem");
  const name = ["-dname", "CN=kafka.kadun.test", "-ext", "SAN=ip:127.0.0.1,dns:localhost"];
  const key = ["-keyalg", "RSA", "-keysize", "2048", "-validity", "30"];
  await run("keytool", ["-genkeypair", ...STORE, "-keystore", keystore, ...key, ...name]);
  await run("keytool", ["-exportcert", "-rfc", ...STORE, "-keystore", keystore, "-file", caFile]);
  return {
    file: keystore,
    properties: {
      "listener.name.client.ssl.keystore.type": "PKCS12",
      "listener.name.client.ssl.keystore.location": keystore,
      "listener.name.client.ssl.keystore.password": PASSWORD,
      "listener.name.client.ssl.key.password": PASSWORD,
    },
    caFile,
  };
}
