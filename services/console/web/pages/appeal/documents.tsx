/** What the holder gave, and papers of the office. Opening a document is written down by the office. */

import { useMutation } from "@tanstack/react-query";
import { Button, Flex, Modal, Typography } from "antd";
import { useState } from "react";
import type { AppealDocument } from "../../../../../schemas/appeal.js";
import type { AppealDetail, AppealFile } from "../../../../../schemas/http/appeals.js";
import { APPEALS_ROUTES } from "../../../../../schemas/http/appeals-routes.js";
import { ask } from "../../app/ask.js";
import { EmptyState } from "../../parts/page-state.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { RefusedAlert } from "../case/refused-alert.js";
import { appealWords, documentWords } from "./appeal-words.js";
import { isPicture, saveFile } from "./file-bytes.js";

export function Documents({ found: { appealId, documents } }: { readonly found: AppealDetail }) {
  const words = useWords(appealWords);
  const [picture, setPicture] = useState<AppealFile | null>(null);
  const opening = useMutation({
    mutationFn: ({ documentId }: AppealDocument) =>
      ask(APPEALS_ROUTES.document, { path: { id: appealId, document: documentId } }),
    // Opened again it is asked for again, and written down again.
    gcTime: 0,
    onSuccess: (file) => (isPicture(file) ? setPicture(file) : saveFile(file)),
  });
  if (documents.length === 0) return <EmptyState>{words.noDocuments}</EmptyState>;
  return (
    <>
      <Typography.Text type="secondary">{words.documentsAbout}</Typography.Text>
      {documents.map((document) => (
        <OneDocument
          key={document.documentId}
          document={document}
          isBusy={opening.isPending}
          onOpen={() => opening.mutate(document)}
        />
      ))}
      <RefusedAlert problem={opening.error} />
      {picture !== null && (
        <Modal
          open
          title={<bdi>{picture.name}</bdi>}
          width={800}
          footer={null}
          onCancel={() => setPicture(null)}
        >
          <img
            alt={picture.name}
            src={`data:${picture.mediaType};base64,${picture.base64}`}
            style={{ maxWidth: "100%" }}
          />
          <Button onClick={() => saveFile(picture)}>{words.download}</Button>
        </Modal>
      )}
    </>
  );
}

function OneDocument({
  document: { kind, name, bytes, addedAt },
  isBusy,
  onOpen,
}: {
  readonly document: AppealDocument;
  readonly isBusy: boolean;
  readonly onOpen: () => void;
}) {
  const words = useWords(appealWords);
  const kinds = useWords(documentWords);
  return (
    <Flex gap={8} wrap align="center" style={{ padding: "4px 0" }}>
      <strong>{kinds[kind]}</strong>
      <bdi style={{ overflowWrap: "anywhere" }}>{name}</bdi>
      <span>{Math.ceil(bytes / 1024)} kB</span>
      <InstantText at={addedAt} withSeconds={false} />
      <Button size="small" loading={isBusy} onClick={onOpen}>
        {words.open}
      </Button>
    </Flex>
  );
}

export function Papers({ found: { appealId, papers } }: { readonly found: AppealDetail }) {
  const words = useWords(appealWords);
  const saving = useMutation({
    mutationFn: (paperId: string) => ask(APPEALS_ROUTES.paper, { path: { id: appealId, paper: paperId } }),
    gcTime: 0,
    onSuccess: saveFile,
  });
  if (papers.length === 0) return <EmptyState>{words.noPapers}</EmptyState>;
  return (
    <>
      {papers.map(({ paperId, title, number, madeAt }) => (
        <Flex key={paperId} gap={8} wrap align="center" style={{ padding: "4px 0" }}>
          <span>
            {title} {number}
          </span>
          <InstantText at={madeAt} withSeconds={false} />
          <Button size="small" loading={saving.isPending} onClick={() => saving.mutate(paperId)}>
            {words.download}
          </Button>
        </Flex>
      ))}
      <RefusedAlert problem={saving.error} />
    </>
  );
}
