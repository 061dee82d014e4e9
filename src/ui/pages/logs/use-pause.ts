import { type RefObject, useEffect, useState } from "react";

export type PauseReason = "scrolled" | "focused";

/** Why a list that moves has to stand still: its beginning is out of sight, or one of its rows has the focus. */
export function usePause(list: RefObject<HTMLElement | null>): PauseReason | null {
  const [reason, setReason] = useState<PauseReason | null>(null);
  useEffect(() => {
    const look = () => setReason(reasonOf(list.current));
    const lookLater = () => void setTimeout(look); // the next element has the focus only then
    document.addEventListener("scroll", look, { capture: true, passive: true });
    document.addEventListener("focusin", look);
    document.addEventListener("focusout", lookLater);
    return () => {
      document.removeEventListener("scroll", look, { capture: true });
      document.removeEventListener("focusin", look);
      document.removeEventListener("focusout", lookLater);
    };
  }, [list]);
  return reason;
}

function reasonOf(list: HTMLElement | null): PauseReason | null {
  if (list === null) return null;
  const focused = document.activeElement;
  if (focused?.closest("td") && list.contains(focused)) return "focused";
  const box = list.querySelector(".table-box");
  const isScrolled = (box?.scrollTop ?? 0) > 0 || list.getBoundingClientRect().top < -40;
  return isScrolled ? "scrolled" : null;
}
