import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { ConfirmDialog } from "./dialog.tsx";

/** Asks before unsaved changes are left: by a link, by the browser's Back, by closing the tab. */
export function LeaveGuard({ isActive }: { readonly isActive: boolean }) {
  const [, navigate] = useLocation();
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const isLeaving = useRef(false);

  useEffect(() => {
    if (!isActive) return;
    isLeaving.current = false;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const url = leadsAway(event);
      if (url === null || isLeaving.current) return;
      event.preventDefault();
      event.stopPropagation();
      setLeave(() => () => navigate(`~${url.pathname}${url.search}`));
    };
    const onBack = () => {
      if (isLeaving.current) return;
      stayHere();
      setLeave(() => () => history.go(-2));
    };
    stayHere(); // Back then leads to this page once more, and is heard
    addEventListener("beforeunload", onUnload);
    addEventListener("popstate", onBack);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      removeEventListener("beforeunload", onUnload);
      removeEventListener("popstate", onBack);
      document.removeEventListener("click", onClick, { capture: true });
    };
  }, [isActive, navigate]);

  return (
    <ConfirmDialog
      open={leave !== null}
      onClose={() => setLeave(null)}
      title="Leave without saving?"
      text="What you changed on this page is not saved, and would be lost."
      action="Leave without saving"
      danger
      onConfirm={async () => {
        isLeaving.current = true;
        leave?.();
      }}
    />
  );
}

function stayHere(): void {
  history.pushState(history.state, "", location.href);
}

/** Where a plain click on a link of this page's own leads, if that is another page. */
function leadsAway(event: MouseEvent): URL | null {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!isPlain || link === null || link.href === "" || link.target !== "") return null;
  const url = new URL(link.href);
  const isElsewhere = url.origin === location.origin && url.pathname !== location.pathname;
  return isElsewhere ? url : null;
}
