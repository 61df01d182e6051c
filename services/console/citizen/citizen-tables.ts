/** The tables of schemas/postgres that the cardholder's pages keep, as kysely sees them. Moments are epoch milliseconds. */

export interface CitizenTables {
  citizen_tallies: {
    /** Limit and hashed subject. */
    tally_key: string;
    window_start_ms: number;
    count: number;
  };
  citizen_entries: {
    visit_hash: string;
    /** Of the code as it was typed, whether there is such a case or not. */
    code_hash: string;
    /** Both null where what was typed fits no case: the entry runs its course all the same. */
    case_id: string | null;
    person_key: string | null;
    one_time_hash: string;
    sent_at_ms: number;
    tries: number;
    /** When it opened the door. */
    used_at_ms: number | null;
    started_at_ms: number;
  };
  citizen_sessions: {
    token_hash: string;
    case_id: string;
    person_key: string;
    started_at_ms: number;
    seen_at_ms: number;
  };
  citizen_answers: {
    person_key: string;
    decision_id: string;
    case_id: string;
    answer: "mine" | "not-mine";
    request_id: string;
    answered_at_ms: number;
  };
}
