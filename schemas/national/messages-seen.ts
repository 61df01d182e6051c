/**
 * What later messages refer to by names that only the platform gives: a cancel names its settlement by `setl_id`, a
 * discharge does not say when the stay began.
 *
 * Owns: a bounded memory of this process, the older half forgotten first; nothing of it is stored.
 * Does not own: what is durable. Whoever does not find something here asks for it in the message (`omsgid`,
 * `begntime`), so that no mapping depends on a process having lived long enough.
 */

/** Keys and values; what is put in may be forgotten. */
interface SeenMemory {
  get(key: string): string | undefined;
  put(key: string, value: string): void;
}

/** What one message tells of itself, until it is known whether it counts. */
export interface Noted {
  /** Knows what was seen before, and what is noted. */
  readonly seen: MessagesSeen;
  /** From now on later messages may refer to it. */
  readonly remember: () => void;
}

/** Two halves of 100,000 entries of about 150 bytes: 30 MB; a city's settlements of a day. */
const HALF_ENTRIES_MAX = 100_000;

export class MessagesSeen {
  private readonly memory: SeenMemory;

  constructor(memory: SeenMemory | number = HALF_ENTRIES_MAX) {
    this.memory = typeof memory === "number" ? new HalvedMemory(memory) : memory;
  }

  /** For one message that may yet be refused or not stored. */
  noting(): Noted {
    const notes = new Map<string, string>();
    const seen = new MessagesSeen({
      get: (key) => notes.get(key) ?? this.memory.get(key),
      put: (key, value) => void notes.set(key, value),
    });
    return {
      seen,
      remember: () => {
        for (const [key, value] of notes) this.memory.put(key, value);
      },
    };
  }

  settled(setlId: string, msgid: string): void {
    this.put(`setl/${setlId}`, msgid);
  }

  /** msgid of the settlement, or undefined. */
  settlement(setlId: string): string | undefined {
    return this.get(`setl/${setlId}`);
  }

  admitted(stay: Stay, { begntime, msgid }: { readonly begntime: string; readonly msgid: string }): void {
    this.put(stayKey(stay), begntime);
    this.put(latestKey(stay.personNo), JSON.stringify([stay.institutionId, msgid]));
  }

  /** Where the person was admitted last, and by which message; or undefined. */
  latestAdmission(personNo: string): { readonly institutionId: string; readonly msgid: string } | undefined {
    const kept = this.get(latestKey(personNo));
    if (kept === undefined) return undefined;
    const [institutionId, msgid] = JSON.parse(kept) as [string, string];
    return { institutionId, msgid };
  }

  /** When the stay began, or undefined. */
  admission(stay: Stay): string | undefined {
    return this.get(stayKey(stay));
  }

  filed(filing: { readonly personNo: string; readonly serialNo: string }, { region, from }: Filing): void {
    this.put(filingKey(filing), `${region} ${from}`);
  }

  /** The transfer filing under this serial number, or undefined. */
  filing(filing: { readonly personNo: string; readonly serialNo: string }): Filing | undefined {
    const [region, from] = this.get(filingKey(filing))?.split(" ") ?? [];
    return region === undefined || from === undefined ? undefined : { region, from };
  }

  private get(key: string): string | undefined {
    return this.memory.get(key);
  }

  private put(key: string, value: string): void {
    this.memory.put(key, value);
  }
}

class HalvedMemory implements SeenMemory {
  private recent = new Map<string, string>();
  private older = new Map<string, string>();

  constructor(private readonly halfEntriesMax: number) {}

  get(key: string): string | undefined {
    return this.recent.get(key) ?? this.older.get(key);
  }

  put(key: string, value: string): void {
    if (this.recent.size >= this.halfEntriesMax) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(key, value);
  }
}

interface Filing {
  readonly region: string;
  /** An instant. */
  readonly from: string;
}

const filingKey = ({ personNo, serialNo }: { readonly personNo: string; readonly serialNo: string }) =>
  `filing/${personNo}/${serialNo}`;

interface Stay {
  readonly personNo: string;
  readonly institutionId: string;
}

const latestKey = (personNo: string) => `latest/${personNo}`;
const stayKey = ({ personNo, institutionId }: Stay) => `stay/${institutionId}/${personNo}`;
