/** The browser asks before it leaves a page that holds what is nowhere else. */

import { useEffect, useRef } from "react";

export function useLeaveWarning(isHolding: () => boolean): void {
  const latest = useRef(isHolding);
  latest.current = isHolding;
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, []);
}
