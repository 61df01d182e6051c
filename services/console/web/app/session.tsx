/**
 * Who is signed in here.
 *
 * 1. Nobody is asked for a password where the office offers the demo's user: the page signs in by itself and says so.
 * 2. A session that ended while somebody was typing leaves the page as it is; a notice asks to sign in again, in another
 *    tab, and goes when whoever comes back here has done so.
 * 3. An office that does not answer says nothing of sessions: nobody is sent to sign in for it.
 */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Permission } from "../../../../schemas/console/access.js";
import { CONSOLE_ACCESS_ROUTES as ROUTES } from "../../../../schemas/http/console-access-routes.js";
import { ErrorState, LoadingState } from "../parts/page-state.js";
import { type AnswerOf, ask, Refused, setCsrfWord, whenSessionEnds } from "./ask.js";
import { setPageTime } from "./page-time.js";

export type Session = AnswerOf<typeof ROUTES.session>;

interface SessionState {
  /** null: nobody is signed in. */
  readonly session: Session | null;
  /** The session of this page ended; what is on it is kept. */
  readonly isEnded: boolean;
  readonly refresh: () => Promise<void>;
  readonly signOut: () => Promise<void>;
}

const SessionContext = createContext<SessionState | null>(null);
const SESSION_KEY = ["session"] as const;

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [isEnded, setEnded] = useState(false);
  const { data, isPending, error, refetch } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: begin,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => whenSessionEnds(() => setEnded(true)), []);
  // That nobody was signed in before this session is no end of it.
  useEffect(() => setEnded((before) => before && data == null), [data]);
  useRenewal(isEnded ? (data?.name ?? null) : null);
  if (isPending) return <LoadingState />;
  if (data === undefined)
    return (
      <main style={{ padding: 24 }}>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </main>
    );
  const refresh = async () => {
    setEnded(false);
    await queries.invalidateQueries();
    await queries.refetchQueries({ queryKey: SESSION_KEY });
  };
  const signOut = async () => {
    await ask(ROUTES.signOut, {});
    queries.clear();
    location.assign("/sign-in");
  };
  return (
    <SessionContext value={{ session: data, isEnded: isEnded && data !== null, refresh, signOut }}>
      {children}
    </SessionContext>
  );
}

export function useSessionState(): SessionState {
  const state = useContext(SessionContext);
  if (state === null) throw new Error("useSessionState outside of SessionProvider");
  return state;
}

/** Only on pages that need somebody signed in. */
export function useSession(): Session {
  const { session } = useSessionState();
  if (session === null) throw new Error("this page needs a session");
  return session;
}

export function useMay(permission: Permission | null): boolean {
  const { session } = useSessionState();
  return session !== null && (permission === null || session.permissions.includes(permission));
}

/** @param name whose session ended; null for nobody's. What somebody else does in another tab is not taken for theirs. */
function useRenewal(name: string | null): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (name === null) return;
    const look = async () => {
      const there = await sessionThere().catch(() => null);
      if (there?.name !== name) return;
      queries.setQueryData(SESSION_KEY, taken(there));
      // What was refused meanwhile; the rest stays as it is.
      await queries.refetchQueries({ predicate: ({ state }) => state.error !== null });
    };
    const onFocus = () => void look();
    addEventListener("focus", onFocus);
    return () => removeEventListener("focus", onFocus);
  }, [name, queries]);
}

async function begin(): Promise<Session | null> {
  const there = await sessionThere();
  if (there !== null) return taken(there);
  const { demo } = await ask(ROUTES.signInOptions, {});
  if (!demo) return null;
  await ask(ROUTES.demoSession, {});
  return taken(await sessionThere());
}

/** From now on what is asked is asked in it. */
function taken(session: Session | null): Session | null {
  if (session === null) return null;
  setCsrfWord(session.csrf);
  setPageTime(Date.parse(session.now));
  return session;
}

async function sessionThere(): Promise<Session | null> {
  try {
    return await ask(ROUTES.session, {});
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return null;
    throw error;
  }
}
