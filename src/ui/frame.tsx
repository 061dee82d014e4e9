import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { api } from "./api.ts";
import { BrandMark } from "./parts/brand-mark.tsx";
import { Button } from "./parts/button.tsx";
import { classes } from "./parts/classes.ts";
import { toastsLeft, useToast } from "./parts/toast.tsx";
import type { SessionReply } from "./replies.ts";
import { sections } from "./sections.ts";
import { signedOut } from "./session.ts";
import { ThemeSelect } from "./theme-select.tsx";

export interface FrameProps {
  readonly session: SessionReply;
  readonly children: ReactNode;
}

/** What stands around every page: the navigation, who is signed in. */
export function Frame({ session, children }: FrameProps) {
  const [location] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const menu = useRef<HTMLButtonElement>(null);
  const former = useRef(location);
  useEffect(() => {
    if (former.current === location) return;
    const isFirst = former.current === "/"; // only led on to the first page
    former.current = location;
    toastsLeft();
    setOpen(false);
    if (isFirst) return;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [location]);

  useEffect(() => {
    if (!isOpen) return;
    const closeMenu = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      setOpen(false);
      menu.current?.focus();
    };
    document.addEventListener("keydown", closeMenu);
    return () => document.removeEventListener("keydown", closeMenu);
  }, [isOpen]);
  return (
    <div className="frame">
      <a className="skip-link" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <header className="top-bar">
        <Brand />
        <button
          ref={menu}
          type="button"
          className="button button-plain"
          aria-expanded={isOpen}
          aria-controls="side-bar"
          onClick={() => setOpen(!isOpen)}
        >
          Menu
        </button>
      </header>
      <aside
        id="side-bar"
        aria-label="Navigation and account"
        className={classes("side-bar", isOpen && "side-bar-open")}
      >
        <Brand />
        <Navigation location={location} />
        <SideFoot session={session} />
      </aside>
      <main id="main" className="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** The address keeps its path: the router would take a fragment's link for another page. */
function skipTo(event: { preventDefault: () => void }, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}

function Brand() {
  return (
    <Link className="brand" href="/routes">
      <BrandMark />
      Tollgate
    </Link>
  );
}

function Navigation({ location }: { readonly location: string }) {
  return (
    <nav aria-label="Sections">
      <ul className="nav-list">
        {sections.map(([path, name]) => (
          <li key={path}>
            <Link
              href={path}
              className="nav-link"
              aria-current={isWithin(location, path) ? "page" : undefined}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isWithin(location: string, path: string): boolean {
  return location === path || location.startsWith(`${path}/`);
}

function SideFoot({ session }: { readonly session: SessionReply }) {
  const toast = useToast();
  const signOut = async () => {
    try {
      await api.delete("/ui/session");
      signedOut();
    } catch {
      toast("Signing out did not work: the gateway cannot be reached.", "bad");
    }
  };
  return (
    <div className="side-foot">
      <ThemeSelect />
      <div className="signed-in">
        <span className="muted">Signed in with</span>
        <span className="actor" title={session.actor ?? undefined}>
          {session.actor ?? "nobody"}
        </span>
      </div>
      <Button onClick={() => void signOut()}>Sign out</Button>
      <span className="muted version">Version {session.version}</span>
    </div>
  );
}
