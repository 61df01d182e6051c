/** Signed places of the log, with what their signatures are worth. */

import { useQuery } from "@tanstack/react-query";
import { Typography } from "antd";
import { AUDIT_ROUTES } from "../../../../../schemas/http/system-routes.js";
import { ask } from "../../app/ask.js";
import { QueryState } from "../../parts/page-state.js";
import { RowList } from "../../parts/row-list.js";
import { InstantText, Token } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { auditWords } from "./audit-words.js";

export function AuditSigned() {
  const words = useWords(auditWords);
  const query = useQuery({
    queryKey: ["audit-signed"],
    queryFn: ({ signal }) => ask(AUDIT_ROUTES.signed, { signal }),
  });
  return (
    <QueryState query={query}>
      {({ checkpoints, entries, keys }) => (
        <>
          <Typography.Paragraph type="secondary">
            {filled(words.entries, { count: entries, keys: keys.join("、") })}
          </Typography.Paragraph>
          <RowList
            label={words.tabSigned}
            rows={checkpoints}
            keyOf={({ seq }) => String(seq)}
            empty={words.noSigned}
            columns={[
              { key: "seq", title: words.seq, isNumber: true, of: ({ seq }) => seq },
              { key: "at", title: words.at, of: ({ at }) => <InstantText at={at} /> },
              {
                key: "fault",
                title: words.signatures,
                of: ({ fault }) =>
                  fault === null ? (
                    <Typography.Text type="success">{words.valid}</Typography.Text>
                  ) : (
                    <Typography.Text type="danger">{fault}</Typography.Text>
                  ),
              },
              { key: "key", title: words.key, of: ({ keyId }) => <Token value={keyId} /> },
              { key: "sha256", title: words.sha256, of: ({ sha256 }) => <Token value={sha256} /> },
            ]}
          />
        </>
      )}
    </QueryState>
  );
}
