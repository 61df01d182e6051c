/** Why something was refused, in the reader's language where the reason is known. */

import { Alert } from "antd";
import { Refused } from "../../app/ask.js";
import { ErrorState } from "../../parts/page-state.js";
import { useLanguage } from "../../words/words.js";
import { refusalWords } from "./work-words.js";

export function RefusedAlert({
  problem,
  onClose,
}: {
  readonly problem: unknown;
  readonly onClose?: () => void;
}) {
  const language = useLanguage();
  if (problem === null || problem === undefined) return null;
  const known = problem instanceof Refused ? refusalWords[language][problem.code] : undefined;
  if (known === undefined) return <ErrorState error={problem} />;
  return (
    <Alert
      type="error"
      showIcon
      title={known}
      style={{ marginBlock: 8 }}
      {...(onClose !== undefined && { closable: { onClose } })}
    />
  );
}
