-- Who did what to cases, appeals and messages: one chain for the whole installation. And the codes by which cases are known
-- outside. Neither can be made again from the logs.

-- Hash-chained: an entry names the SHA-256 of the line before it.
create table audit_log (
  seq integer primary key check (seq > 0),
  -- As it is hashed.
  line text not null
);

-- What a cardholder is told in an SMS, to be typed on the cardholder's page. Stays with the case, whatever is rebuilt:
-- people hold these messages in their hands.
create table case_codes (
  case_id text primary key,
  code text not null unique check (code ~ '^[0-9A-Z]{4}-[0-9A-Z]{4}$')
);
