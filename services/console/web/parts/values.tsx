/** Money, instants, tokens and places as people read them. */

import { Tooltip, Typography } from "antd";
import { useRegionName } from "../app/regions.js";
import { LANGUAGE_TAGS, type Language, useLanguage } from "../words/words.js";

const ZONE = "Asia/Shanghai";
const FEN_PER_YUAN = 100;
/** Of a token, what tells it apart on a page; the whole is in the tooltip and can be copied. */
const TOKEN_SHOWN = 12;

export function yuanText(fen: number): string {
  return (fen / FEN_PER_YUAN).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** null: the message did not say. */
export function Money({ fen }: { readonly fen: number | null }) {
  if (fen === null) return <span className="number">—</span>;
  return <span className="number">¥{yuanText(fen)}</span>;
}

export function instantText(instant: string, language: Language, withSeconds = true): string {
  return new Intl.DateTimeFormat(LANGUAGE_TAGS[language], {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds && { second: "2-digit" }),
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** Beijing time, to the second; null: —. */
export function InstantText({
  at,
  withSeconds = true,
}: {
  readonly at: string | null;
  readonly withSeconds?: boolean;
}) {
  const language = useLanguage();
  if (at === null) return <>—</>;
  return (
    <time dateTime={at} title={at} style={{ whiteSpace: "nowrap" }}>
      {instantText(at, language, withSeconds)}
    </time>
  );
}

/** A personKey, an eventId: shortened, whole in the tooltip, copied with a press. */
export function Token({ value, shown = TOKEN_SHOWN }: { readonly value: string; readonly shown?: number }) {
  const isLong = value.length > shown + 2;
  return (
    <Tooltip title={isLong ? value : undefined}>
      <Typography.Text className="code" copyable={{ text: value, tooltips: false }}>
        {isLong ? `${value.slice(0, shown)}…` : value}
      </Typography.Text>
    </Tooltip>
  );
}

/** City and, where the code has six digits, county. */
export function RegionName({ code }: { readonly code: string }) {
  const name = useRegionName();
  return <span title={code}>{name(code)}</span>;
}
