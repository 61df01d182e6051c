-- Accounts of the console, sessions, and what was tried at its door. Moments are epoch milliseconds. Tokens are kept as
-- SHA-256 (they have 256 random bits), names and addresses that were tried as keyed hashes, passwords as scrypt.

create table accounts (
  -- One name space with people: four eyes compare names.
  name text primary key references people,
  -- JSON: roles and division-code prefixes of schemas/console/access.ts.
  roles jsonb not null,
  scope jsonb not null,
  version integer not null default 1 check (version > 0),
  is_disabled boolean not null default false,
  -- With the parameters it was made with; null until a one-time link was used.
  password_hash text,
  -- Who this is at the identity provider.
  oidc_subject text unique,
  link_sha256 text unique check (link_sha256 ~ '^[0-9a-f]{64}$'),
  link_expires_at_ms bigint,
  created_at_ms bigint not null,
  check ((link_sha256 is null) = (link_expires_at_ms is null))
);

create table console_sessions (
  token_sha256 text primary key check (token_sha256 ~ '^[0-9a-f]{64}$'),
  -- By which people name it: not the token.
  session_id text not null unique,
  name text not null references accounts,
  method text not null check (method in ('password', 'link', 'oidc', 'demo')),
  device text not null,
  started_at_ms bigint not null,
  used_at_ms bigint not null
);
create index console_sessions_of_name on console_sessions (name, started_at_ms);
create index console_sessions_by_start on console_sessions (started_at_ms);

create table console_tries (
  try_key text primary key,
  -- Within the window that began then.
  tries integer not null,
  window_start_ms bigint not null,
  -- How many waits in a row, and until when the last one lasts.
  waits integer not null default 0,
  wait_until_ms bigint not null default 0
);
create index console_tries_by_window on console_tries (window_start_ms);
