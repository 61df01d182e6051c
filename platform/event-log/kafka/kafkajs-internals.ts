/**
 * What is taken of kafkajs 2.2.4 (pinned: these are not its public entrance): the wire's primitive types and the
 * exchanges of SASL PLAIN and SCRAM.
 *
 * Not taken: its producer and consumer (both lose acknowledged records or read them again in silence), and its
 * connections and cluster (two sends on a closed connection open two sockets; a time-out leaves the dead socket in
 * place; closing waits for requests nobody will answer; a timer of one millisecond runs for ever).
 */
export { default as plainMechanism } from "kafkajs/src/broker/saslAuthenticator/plain.js";
export { default as scram256Mechanism } from "kafkajs/src/broker/saslAuthenticator/scram256.js";
export { default as scram512Mechanism } from "kafkajs/src/broker/saslAuthenticator/scram512.js";
export { default as Decoder } from "kafkajs/src/protocol/decoder.js";
export { default as Encoder } from "kafkajs/src/protocol/encoder.js";
