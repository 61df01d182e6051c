/** Users of a test broker: each may use PLAIN, SCRAM-SHA-256, SCRAM-SHA-512; OAUTHBEARER takes unsigned tokens. */

const TOKEN_SECONDS = 3_600;
const LOGIN = "org.apache.kafka.common.security";
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"];

/** Password by name. */
export type KafkaUsers = Readonly<Record<string, string>>;

/** Settings of the listener CLIENT. */
export function saslProperties(users: KafkaUsers): Readonly<Record<string, string>> {
  const plain = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  return {
    "sasl.enabled.mechanisms": MECHANISMS.join(","),
    "listener.name.client.plain.sasl.jaas.config": `${LOGIN}.plain.PlainLoginModule required ${plain.join(" ")};`,
    "listener.name.client.scram-sha-256.sasl.jaas.config": `${LOGIN}.scram.ScramLoginModule required;`,
    "listener.name.client.scram-sha-512.sasl.jaas.config": `${LOGIN}.scram.ScramLoginModule required;`,
    "listener.name.client.oauthbearer.sasl.jaas.config": `${LOGIN}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
}

/** Arguments of the formatting of a node's storage: SCRAM's users lie in the cluster's metadata. */
export function scramArguments(users: KafkaUsers): readonly string[] {
  return Object.entries(users).flatMap(([name, password]) =>
    ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
      "--add-scram",
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
}

/** A token as Kafka's validator for development takes it: not signed. */
export function unsecuredToken(user: string, now = new Date()): string {
  const seconds = Math.floor(now.getTime() / 1_000);
  const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: user, iat: seconds, exp: seconds + TOKEN_SECONDS })}.`;
}
