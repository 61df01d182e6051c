/** What somebody has to look at whatever else there is: above all figures. */

import { Alert, Flex } from "antd";
import { Link } from "react-router-dom";
import type { OverviewAnswer } from "../../../../../schemas/http/overview.js";
import { useMay } from "../../app/session.js";
import { filled, useWords } from "../../words/words.js";
import { lastKnown } from "./held.js";
import { todayWords } from "./today-words.js";

/** Some seconds of a full load. */
const BEHIND_MIN = 1_000;

export function Alarms({ overview }: { readonly overview: OverviewAnswer }) {
  const words = useWords(todayWords);
  const maySystem = useMay("system.read");
  const delivery = lastKnown(overview.delivery);
  const behind = new Map(
    (lastKnown(overview.stages) ?? []).map(({ stage, records }) => [stage, records ?? 0]),
  );
  const { reconciliation } = overview;
  const refused = delivery?.journal.refused ?? 0;
  return (
    <Flex vertical gap={8} style={{ marginBottom: 12 }} role="status" aria-live="polite">
      {refused > 0 && (
        <Alert
          type="error"
          showIcon
          title={filled(words.refusedTitle, { count: refused })}
          description={words.refusedText}
          action={maySystem && <Link to="/system">{words.toSystem}</Link>}
        />
      )}
      {reconciliation.state === "different" && (
        <Alert
          type="error"
          showIcon
          title={filled(words.differentTitle, { count: reconciliation.findings })}
          action={maySystem && <Link to="/system">{words.toSystem}</Link>}
        />
      )}
      {(delivery?.rules.alarms ?? []).map((alarm) => (
        <Alert key={alarm} type="warning" showIcon title={words.alarms} description={alarm} />
      ))}
      {(behind.get("detector") ?? 0) >= BEHIND_MIN && (
        <Alert type="warning" showIcon title={filled(words.judging, { count: behind.get("detector")! })} />
      )}
      {(behind.get("analytics") ?? 0) >= BEHIND_MIN && (
        <Alert type="info" showIcon title={filled(words.catchingUp, { count: behind.get("analytics")! })} />
      )}
    </Flex>
  );
}
