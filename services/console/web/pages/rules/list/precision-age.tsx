/** When precision was counted, and counting it anew. */

import { Button, Space, Typography } from "antd";
import { useSession } from "../../../app/session.js";
import { instantText } from "../../../parts/values.js";
import { filled, useLanguage, useWords } from "../../../words/words.js";
import { useLatestResult, useStartJob } from "../parts/rule-queries.js";
import { rulesWords } from "../words.js";

export function PrecisionAge() {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const { permissions } = useSession();
  const { job, isUnderWay } = useLatestResult("precision");
  const start = useStartJob(() => {});
  const at = job?.endedAt ?? null;
  return (
    <Space size={8} wrap>
      <Typography.Text type="secondary">
        {at === null
          ? words.precisionNone
          : filled(words.precisionAge, { at: instantText(at, language, false) })}
      </Typography.Text>
      {permissions.includes("rules.draft") && (
        <Button
          size="small"
          loading={isUnderWay || start.isPending}
          onClick={() => start.mutate({ kind: "precision" })}
        >
          {words.precisionRun}
        </Button>
      )}
    </Space>
  );
}
