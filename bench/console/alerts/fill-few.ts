/** What there is little of, however long Kadun has run: people, versions of rules, views, what waits for the journal. */

import { ANALYSTS, NOW } from "./case-numbers.js";

export function fewStatements(): readonly string[] {
  return [
    `insert into people (name, name_folded, key_sha256, added_at)
    select name, name, encode(sha256(name::bytea), 'hex'), ${NOW} from (
      select 'analyst-' || lpad(i::text, 2, '0') as name from generate_series(1, ${ANALYSTS}) i union select 'reviewer') people`,
    `insert into bundle_contents (bundle_hash, content) values ('${"0".repeat(64)}', '{}')`,
    `insert into bundle_versions (version, bundle_hash, author, created_at, origin)
    select i, '${"0".repeat(64)}', 'analyst-01', ${NOW}, 'draft' from generate_series(1, 30) i`,
    `insert into bundle_activations (sequence, version, kind, published_by, partitions, status, created_at, completed_at)
    select i, i, 'publish', '["reviewer"]', 8, 'complete', ${NOW}, ${NOW} from generate_series(1, 25) i`,
    `insert into queue_views (view_id, owner, name, query, is_shared, made_at)
    select 'view-' || i, 'analyst-' || lpad((i % ${ANALYSTS} + 1)::text, 2, '0'), '视图' || i, 'severity=critical', i % 4 = 0, ${NOW}
    from generate_series(1, 200) i`,
    `insert into queue_operations (operation_id, actor, scope, command, cases, status, asked_at, runs_at, ended_at)
    select 'operation-' || i, 'analyst-' || lpad((i % ${ANALYSTS} + 1)::text, 2, '0'), '[""]', '{"kind": "triage"}', '[]', 'done',
      ${NOW}, ${NOW}, ${NOW} from generate_series(1, 400) i`,
    `insert into journal_outbox (record_id, path, body, status, refusal)
    select 'record-' || i, '/v1/feedback', '{}', case when i < 4 then 'refused' when i < 20 then 'pending' else 'stored' end,
      case when i < 4 then 'BODY_INVALID' end from generate_series(1, 1000) i`,
    `insert into audit_checkpoints (seq, sha256, at, key_id, ed25519, sm2)
    select seq, '${"0".repeat(64)}', at, 'key', 'ed25519', 'sm2' from audit_log where seq % 1000 = 0`,
  ];
}
