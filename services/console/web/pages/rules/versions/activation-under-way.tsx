/** Which partitions have taken what was published, or put into shadow, and which are waited for. */

import { Flex, Progress, Typography } from "antd";
import type { OpenActivation } from "../../../../../../schemas/http/rules.js";
import { filled, useWords } from "../../../words/words.js";
import { ToneTag } from "../parts/rule-tags.js";
import { rulesWords } from "../words.js";

export function ActivationUnderWay({ open }: { readonly open: OpenActivation }) {
  const words = useWords(rulesWords);
  const percent = open.partitions.length === 0 ? 0 : (open.answered / open.partitions.length) * 100;
  return (
    <section aria-label={words.activation} style={{ marginTop: 12 }}>
      {filled(words.activationOf, { sequence: open.sequence, version: open.version })}
      {open.shadowVersion !== null && ` · ${words.shadow} ${open.shadowVersion}`}
      <Progress
        percent={percent}
        format={() => `${open.answered} / ${open.partitions.length}`}
        aria-label={words.activation}
      />
      <Flex gap={4} wrap>
        {open.partitions.map(({ partition, answer }) => (
          <ToneTag
            key={partition}
            tone={answer === "activated" ? "success" : answer === null ? "default" : "error"}
          >
            {filled(words.partition, { partition })}{" "}
            {answer === "activated" ? words.partitionActivated : (answer ?? words.partitionSilent)}
          </ToneTag>
        ))}
      </Flex>
      <Typography.Text type="secondary">
        {filled(words.waiting, { seconds: open.waitingSeconds })} {open.trouble}
      </Typography.Text>
    </section>
  );
}
