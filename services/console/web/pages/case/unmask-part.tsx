/** Who the case's person is: after a reason that is written down, for some minutes, on this page only. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Input, Modal } from "antd";
import { useEffect, useState } from "react";
import type { Unmasked } from "../../../../../schemas/http/case-page.js";
import { CASE_PAGE_ROUTES } from "../../../../../schemas/http/case-page-routes.js";
import { ask } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { filled, useWords, type Words } from "../../words/words.js";
import { RefusedAlert } from "./refused-alert.js";
import { workWords } from "./work-words.js";

const REASON_LENGTH_MIN = 4;
const REASON_LENGTH_MAX = 500;

const words: Words<
  "show" | "title" | "about" | "name" | "phone" | "id" | "none" | "hide" | "until" | "minutes"
> = {
  zh: {
    show: "查看脱敏前信息",
    title: "查看脱敏前信息",
    about: "请写明理由。查看人、时间和理由记入审计日志和本案。",
    name: "姓名",
    phone: "手机尾号",
    id: "证件号末四位",
    none: "没有登记联系方式",
    hide: "立即隐藏",
    until: "自动隐藏",
    minutes: "{count} 分钟后",
  },
  en: {
    show: "Unmask",
    title: "See personal data",
    about: "Say why. Who looked, when and why stands in the audit log and in this case.",
    name: "Name",
    phone: "Phone ends in",
    id: "ID ends in",
    none: "No contact is registered",
    hide: "Hide now",
    until: "Hides by itself",
    minutes: "after {count} min",
  },
};

export function UnmaskPart({ caseId }: { readonly caseId: string }) {
  const said = useWords(words);
  const mayUnmask = useMay("person.unmask");
  const [isAsking, setAsking] = useState(false);
  // Nowhere but here: not in the cache of answers, not in the address.
  const [shown, setShown] = useState<Unmasked | null>(null);
  useEffect(() => {
    if (shown === null) return undefined;
    const timer = setTimeout(() => setShown(null), shown.hideAfterSeconds * 1_000);
    return () => clearTimeout(timer);
  }, [shown]);
  if (!mayUnmask) return null;
  if (shown !== null) return <Shown shown={shown} onHide={() => setShown(null)} />;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{said.show}</Button>
      {isAsking && (
        <ReasonForm
          caseId={caseId}
          onEnd={(unmasked) => {
            setAsking(false);
            setShown(unmasked);
          }}
        />
      )}
    </>
  );
}

function Shown({
  shown: { contact, hideAfterSeconds },
  onHide,
}: {
  readonly shown: Unmasked;
  readonly onHide: () => void;
}) {
  const said = useWords(words);
  return (
    <Alert
      type="warning"
      action={
        <Button size="small" onClick={onHide}>
          {said.hide}
        </Button>
      }
      title={
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            ...(contact === null
              ? [{ key: "none", label: said.name, children: said.none }]
              : [
                  { key: "name", label: said.name, children: <bdi>{contact.name}</bdi> },
                  { key: "phone", label: said.phone, children: contact.phoneTail },
                  { key: "id", label: said.id, children: contact.idNumberLast4 },
                ]),
            {
              key: "until",
              label: said.until,
              children: filled(said.minutes, { count: hideAfterSeconds / 60 }),
            },
          ]}
        />
      }
    />
  );
}

function ReasonForm({
  caseId,
  onEnd,
}: {
  readonly caseId: string;
  readonly onEnd: (shown: Unmasked | null) => void;
}) {
  const said = useWords(words);
  const work = useWords(workWords);
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const asking = useMutation({
    mutationFn: () => ask(CASE_PAGE_ROUTES.unmask, { path: { id: caseId }, body: { reason: reason.trim() } }),
    gcTime: 0,
    onSuccess: (unmasked) => {
      void queries.invalidateQueries({ queryKey: ["case-timeline", caseId] });
      onEnd(unmasked);
    },
  });
  return (
    <Modal
      open
      title={said.title}
      okText={said.show}
      cancelText={work.cancel}
      okButtonProps={{ disabled: reason.trim().length < REASON_LENGTH_MIN, loading: asking.isPending }}
      onOk={() => asking.mutate()}
      onCancel={() => onEnd(null)}
    >
      <p>{said.about}</p>
      <Input.TextArea
        aria-label={work.reason}
        value={reason}
        maxLength={REASON_LENGTH_MAX}
        onChange={({ target }) => setReason(target.value)}
      />
      <RefusedAlert problem={asking.error} />
    </Modal>
  );
}
