/** What can be done with a version, each asked once more before it is done. */

import { App, Button, Checkbox, Popconfirm } from "antd";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router-dom";
import type { VersionDetail } from "../../../../../../schemas/http/rules.js";
import { RULES_CONSOLE_ROUTES as CONSOLE } from "../../../../../../schemas/http/rules-console-routes.js";
import type { JobStart } from "../../../../../../schemas/http/rules-jobs.js";
import { RULES_ROUTES } from "../../../../../../schemas/http/rules-routes.js";
import { ask } from "../../../app/ask.js";
import { useMay, useSession } from "../../../app/session.js";
import { filled, useWords } from "../../../words/words.js";
import { useChange, useStartJob } from "../parts/rule-queries.js";
import { rulesWords } from "../words.js";

export function VersionActions({ detail }: { readonly detail: VersionDetail }) {
  const mayDraft = useMay("rules.draft");
  const mayPublish = useMay("rules.publish");
  const isOpen = detail.state === "draft" || detail.state === "approved";
  return (
    <>
      {mayDraft && <Drafting detail={detail} isOpen={isOpen} />}
      {mayPublish && isOpen && <Publishing detail={detail} />}
    </>
  );
}

interface Props {
  readonly detail: VersionDetail;
}

function Drafting({ detail: { version, isInShadow }, isOpen }: Props & { readonly isOpen: boolean }) {
  const words = useWords(rulesWords);
  const navigate = useNavigate();
  const edit = useChange(
    () => ask(CONSOLE.startDraft, { body: { baseVersion: version } }),
    ({ draftId }) => navigate(`/rules/drafts/${draftId}`),
  );
  const job = useStartJob((jobId) => navigate(`/rules/jobs/${jobId}`));
  const begin = (asked: JobStart) => job.mutate(asked);
  const shadow = useChange(() => ask(RULES_ROUTES.shadow, { body: { version } }));
  const withdraw = useChange(() => ask(RULES_ROUTES.withdraw, { path: { version } }));
  return (
    <>
      <Button loading={edit.isPending} onClick={() => edit.mutate(undefined)}>
        {words.newDraft}
      </Button>
      <Button
        loading={job.isPending}
        onClick={() => begin({ kind: "backtest", version, from: null, to: null })}
      >
        {words.backtest}
      </Button>
      {isOpen && (
        <>
          <Button loading={job.isPending} onClick={() => begin({ kind: "check", version })}>
            {words.check}
          </Button>
          {!isInShadow && (
            <Asked text={filled(words.shadowAsk, { version })} onYes={() => shadow.mutate(undefined)}>
              <Button loading={shadow.isPending}>{words.toShadow}</Button>
            </Asked>
          )}
          <Asked text={filled(words.withdrawAsk, { version })} onYes={() => withdraw.mutate(undefined)}>
            <Button danger loading={withdraw.isPending}>
              {words.withdraw}
            </Button>
          </Asked>
        </>
      )}
    </>
  );
}

function Publishing({ detail: { version, author, approvals, checks } }: Props) {
  const words = useWords(rulesWords);
  const { name } = useSession();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [replace, setReplace] = useState(false);
  const approve = useChange(() => ask(RULES_ROUTES.approve, { path: { version } }));
  const confirm = useChange(() => ask(RULES_ROUTES.confirm, { path: { version } }));
  const activate = useChange(
    () => ask(RULES_ROUTES.activate, { path: { version }, body: { replace } }),
    () => {
      void message.success(words.startedActivation);
      navigate("/rules/versions");
    },
  );
  const hasApproved = approvals.some(({ person }) => person === name);
  const isObjected = checks[0]?.result === "objection" && checks[0].confirmedBy === null;
  return (
    <>
      {author !== name && !hasApproved && (
        <Asked text={filled(words.approveAsk, { version })} onYes={() => approve.mutate(undefined)}>
          <Button type="primary" loading={approve.isPending}>
            {words.approveIt}
          </Button>
        </Asked>
      )}
      {isObjected && (
        <Asked text={words.confirmAsk} onYes={() => confirm.mutate(undefined)}>
          <Button loading={confirm.isPending}>{words.confirmIt}</Button>
        </Asked>
      )}
      {approvals.some(({ counts }) => counts) && (
        <Asked
          text={filled(words.activateAsk, { version })}
          more={
            <Checkbox checked={replace} onChange={({ target }) => setReplace(target.checked)}>
              {words.replaceAnyway}
            </Checkbox>
          }
          onYes={() => activate.mutate(undefined)}
        >
          <Button type="primary" loading={activate.isPending}>
            {words.activate}
          </Button>
        </Asked>
      )}
    </>
  );
}

function Asked({
  text,
  more,
  onYes,
  children,
}: {
  readonly text: string;
  readonly more?: ReactNode;
  readonly onYes: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Popconfirm title={text} description={more} onConfirm={onYes} styles={{ root: { maxWidth: 340 } }}>
      {children}
    </Popconfirm>
  );
}
