/** Who has an account, with what rights; new ones, changes, links, sessions. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Popconfirm, Tag } from "antd";
import { useState } from "react";
import type { AccountAnswer } from "../../../../../schemas/http/console-access.js";
import { CONSOLE_ACCESS_ROUTES as ROUTES } from "../../../../../schemas/http/console-access-routes.js";
import { ask } from "../../app/ask.js";
import { useRegionName } from "../../app/regions.js";
import { PageHead } from "../../parts/page-head.js";
import { EmptyState, QueryState } from "../../parts/page-state.js";
import { InstantText } from "../../parts/values.js";
import { roleWords } from "../../words/domain.js";
import { filled, useWords } from "../../words/words.js";
import { RefusedNotice } from "../sign-in/refused-notice.js";
import { ACCOUNTS_KEY, AccountForm, type NamedLink } from "./account-form.js";
import { accountWords } from "./account-words.js";
import { LinkShown } from "./link-shown.js";

type Opened =
  | { readonly kind: "form"; readonly account: AccountAnswer | null }
  | { readonly kind: "link"; readonly link: NamedLink };

export default function AccountsPage() {
  const words = useWords(accountWords);
  const [opened, setOpened] = useState<Opened | null>(null);
  const query = useQuery({
    queryKey: ACCOUNTS_KEY,
    queryFn: ({ signal }) => ask(ROUTES.accounts, { signal }),
  });
  const done = (link: NamedLink | null) => setOpened(link === null ? null : { kind: "link", link });
  return (
    <>
      <PageHead
        title={words.accounts}
        actions={
          <Button type="primary" onClick={() => setOpened({ kind: "form", account: null })}>
            {words.add}
          </Button>
        }
      />
      <QueryState
        query={query}
        isEmpty={({ accounts }) => accounts.length === 0}
        empty={<EmptyState>{words.none}</EmptyState>}
      >
        {({ accounts }) => (
          <Flex vertical gap={8}>
            {accounts.map((account) => (
              <OneAccount
                key={account.name}
                account={account}
                onEdit={() => setOpened({ kind: "form", account })}
                onLink={(link) => setOpened({ kind: "link", link })}
              />
            ))}
          </Flex>
        )}
      </QueryState>
      {opened?.kind === "form" && <AccountForm account={opened.account} onDone={done} />}
      {opened?.kind === "link" && <LinkShown link={opened.link} onClose={() => setOpened(null)} />}
    </>
  );
}

interface OneAccountProps {
  readonly account: AccountAnswer;
  readonly onEdit: () => void;
  readonly onLink: (link: NamedLink) => void;
}

function OneAccount({ account, onEdit, onLink }: OneAccountProps) {
  const words = useWords(accountWords);
  const queries = useQueryClient();
  const { name, isDisabled } = account;
  const onSettled = () => queries.invalidateQueries({ queryKey: ACCOUNTS_KEY });
  const link = useMutation({
    mutationFn: () => ask(ROUTES.renewLink, { path: { name } }),
    onSuccess: (made) => onLink({ name, ...made }),
    onSettled,
  });
  const end = useMutation({
    mutationFn: () => ask(ROUTES.endAccountSessions, { path: { name } }),
    onSettled,
  });
  return (
    <Card size="small">
      <RefusedNotice error={link.error ?? end.error} />
      <Flex gap={12} wrap align="center" justify="space-between">
        <Rights account={account} />
        <Flex gap={8} wrap>
          <Button onClick={onEdit}>{words.edit}</Button>
          <Button disabled={isDisabled} loading={link.isPending} onClick={() => link.mutate()}>
            {words.link}
          </Button>
          <Popconfirm
            title={filled(words.endSessionsAsk, { name })}
            okText={words.end}
            cancelText={words.close}
            onConfirm={() => end.mutate()}
          >
            <Button disabled={account.sessions === 0}>{words.endSessions}</Button>
          </Popconfirm>
        </Flex>
      </Flex>
    </Card>
  );
}

function Rights({ account }: { readonly account: AccountAnswer }) {
  const words = useWords(accountWords);
  const roleNames = useWords(roleWords);
  const regionName = useRegionName();
  const { name, roles, scope, isDisabled, hasPassword, linkExpiresAt, lockedUntil, sessions } = account;
  return (
    <Flex vertical gap={4} style={{ minWidth: 0 }}>
      <Flex gap={4} wrap align="center">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        {roles.map((role) => (
          <Tag key={role}>{roleNames[role]}</Tag>
        ))}
        {isDisabled && <Tag>{words.disabled}</Tag>}
        {!hasPassword && <Tag>{words.noPassword}</Tag>}
        <span>{filled(words.openSessions, { count: sessions })}</span>
      </Flex>
      <span>
        {words.scope}：
        {scope.map((code) => (code === "" ? words.nation : regionName(code))).join("、") || "—"}
      </span>
      {linkExpiresAt !== null && (
        <span>
          {words.linkOpen} <InstantText at={linkExpiresAt} withSeconds={false} />
        </span>
      )}
      {lockedUntil !== null && (
        <span>
          {words.locked} <InstantText at={lockedUntil} withSeconds={false} />
        </span>
      )}
    </Flex>
  );
}
