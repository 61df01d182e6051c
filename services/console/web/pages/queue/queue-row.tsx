/** One case: a row at a desk, a card on a telephone. */

import { Checkbox, Tag, Tooltip } from "antd";
import { Link } from "react-router-dom";
import type { QueueItem } from "../../../../../schemas/http/queue.js";
import { ActionTag, CaseStateTag, RuleTag, SeverityTag } from "../../parts/tags.js";
import { Money } from "../../parts/values.js";
import { caseStateWords } from "../../words/domain.js";
import { filled, useWords } from "../../words/words.js";
import { spanOf } from "./due-clock.js";
import { DueText } from "./due-text.js";
import { itemName, useRegionNames, useSpanText } from "./queue-item-words.js";
import type { RuleTitles } from "./rule-titles.js";
import { queueWords } from "./words.js";

export interface RowProps {
  readonly item: QueueItem;
  readonly nowMs: number;
  readonly titles: RuleTitles;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  /** null: who looks may not work. */
  readonly onSelect: ((isSelected: boolean) => void) | null;
  readonly onActive: () => void;
}

export function QueueRow({ item, nowMs, titles, isActive, isSelected, onSelect, onActive }: RowProps) {
  const words = useWords(queueWords);
  const name = itemName(item);
  return (
    <li
      className="queue-row"
      data-case={item.caseId}
      data-active={isActive || undefined}
      data-selected={isSelected || undefined}
      // One row is in the order of tab; j and k go on from it.
      tabIndex={isActive ? 0 : -1}
      onFocus={onActive}
    >
      <div className="queue-cell queue-select">
        {onSelect !== null && (
          <Checkbox
            checked={isSelected}
            aria-label={filled(words.select, { case: name })}
            tabIndex={isActive ? 0 : -1}
            onChange={({ target }) => onSelect(target.checked)}
          />
        )}
      </div>
      <div className="queue-cell queue-grade">
        <SeverityTag severity={item.severity} />
        <ActionTag action={item.action} />
      </div>
      <CaseCell item={item} name={name} titles={titles} nowMs={nowMs} />
      <PlaceCell item={item} />
      <div className="queue-cell queue-money">
        <span className="queue-label">{words.money}</span>
        <Money fen={item.moneyAtRiskFen} />
      </div>
      <div className="queue-cell queue-due">
        <DueText item={item} nowMs={nowMs} />
      </div>
      <div className="queue-cell queue-work">
        <CaseStateTag state={item.state} />
        <span>{item.assignee ?? words.nobody}</span>
      </div>
      <SignsCell item={item} />
    </li>
  );
}

function CaseCell({
  item,
  name,
  titles,
  nowMs,
}: Pick<RowProps, "item" | "titles" | "nowMs"> & { readonly name: string }) {
  const words = useWords(queueWords);
  const spanText = useSpanText();
  const age = spanText(spanOf(Math.max(0, nowMs - Date.parse(item.openedAt))));
  return (
    <div className="queue-cell queue-case">
      <div>
        <Link to={`/cases/${encodeURIComponent(item.caseId)}`} className="code">
          {name}
        </Link>
        {item.cardTails.length > 0 && (
          <span className="queue-quiet"> {filled(words.card, { tails: item.cardTails.join("、") })}</span>
        )}
      </div>
      <div className="queue-tags">
        {item.rules.map((rule) => (
          <RuleTag key={rule} rule={rule} title={titles(rule)} />
        ))}
        <span>{wordsOf(item.rules, titles)}</span>
      </div>
      <div className="queue-quiet">
        <span title={filled(words.alertsTip, { standing: item.standing, alerts: item.alerts })}>
          {filled(words.alerts, { standing: item.standing, alerts: item.alerts })}
        </span>
        {" · "}
        {filled(words.age, { age })}
      </div>
    </div>
  );
}

/** Of more rules than one reads at a glance the tags are enough. */
const RULES_IN_WORDS_MAX = 3;

function wordsOf(rules: readonly string[], titles: RuleTitles): string {
  const known = rules.filter((rule) => titles(rule) !== rule).slice(0, RULES_IN_WORDS_MAX);
  return known.map(titles).join("、");
}

function PlaceCell({ item }: Pick<RowProps, "item">) {
  const words = useWords(queueWords);
  const regionNames = useRegionNames();
  const [first] = item.institutions;
  return (
    <div className="queue-cell queue-place">
      {first !== undefined && (
        <div>
          <Link to={`/institutions/${encodeURIComponent(first.institutionId)}`}>
            <bdi>{first.name ?? first.institutionId}</bdi>
          </Link>
          {item.institutionCount > 1 && (
            <span className="queue-quiet"> {filled(words.placesMore, { count: item.institutionCount })}</span>
          )}
        </div>
      )}
      <div>{regionNames(item.careRegions)}</div>
      <div className="queue-quiet">
        {item.subjectKind === "person" ? words.insuredIn : words.liesIn} {regionNames([item.region])}
      </div>
    </div>
  );
}

function SignsCell({ item }: Pick<RowProps, "item">) {
  const words = useWords(queueWords);
  const states = useWords(caseStateWords);
  const { proposal } = item;
  return (
    <div className="queue-cell queue-tags">
      {proposal !== null && (
        <Tooltip title={filled(words.proposedBy, { name: proposal.proposedBy })}>
          <Tag>{filled(words.waitsFor, { state: states[proposal.to] })}</Tag>
        </Tooltip>
      )}
      {item.hasOpenAppeal && <Tag>{words.appeal}</Tag>}
      {item.isToBePhoned && <Tag>{words.toPhone}</Tag>}
      {item.saidNotMine && <Tag>{words.notMine}</Tag>}
      {item.isDisputed && <Tag>{words.isDisputed}</Tag>}
      {item.isDegraded && <Tag>{words.isDegraded}</Tag>}
    </div>
  );
}
