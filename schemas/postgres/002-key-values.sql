-- Registers that change seldom: contacts, institutions, API keys. What is secret in them is encrypted before it comes here.
create table key_values (
  -- Which register.
  namespace text not null,
  -- UTF-8. Bytes and not text: they are ordered as bytes whatever the collation, and any text is one.
  key bytea not null,
  value bytea not null,
  primary key (namespace, key)
);
